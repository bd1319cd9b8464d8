import { type Address, inNetworks, parseAddress } from '../lookups/address.ts';
import { type Day, UNDATED } from '../model/incident.ts';
import type { Context } from './context.ts';
import type { Suspect } from './entity.ts';
import { entityId, incidentIdOf } from './incident.ts';
import type { Observed } from './observe.ts';

/** A host of more addresses is a router, or many. */
const MOST_CLAIMS = 20;
/** Every host has them: they tell nothing of which host it is. */
const isEverywhere = inNetworks(['127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10']);

/**
 * The internal addresses that a host says are its own, in its own events: its `host.ip`, and the client's address of a
 * connection that it opened. Of a logon the client is another.
 */
export function claimsOf(
  { context: told }: Observed,
  context: Context,
  { entity, direction }: Suspect,
  isInternal: (address: Address) => boolean,
): string[] {
  if (entity.type !== 'host') return [];
  const says = (name: Parameters<typeof told>[0], pattern: RegExp): boolean =>
    told(name).some((value) => pattern.test(String(value)));
  const opened =
    direction === 'outbound' &&
    !context.reply &&
    !says('category', /^authentication$/i) &&
    !says('direction', /^(inbound|ingress)$/i) &&
    !says('initiated', /^false$/i);
  const texts = [...told('hostIp').map(String), ...(opened && context.client !== undefined ? [context.client] : [])];
  const own = texts.map(parseAddress).filter((one) => one !== undefined && isInternal(one) && !isEverywhere(one));
  return [...new Set(own.map((one) => one?.text ?? ''))].slice(0, MOST_CLAIMS);
}

/** That a host name says an address is its own on a day. */
export interface Claim {
  readonly scope: string;
  readonly day: Day;
  readonly address: string;
  /** Name of the host. */
  readonly host: string;
}

/** Where the evidence on an address counts. */
export interface Joined {
  readonly claim: Claim;
  /** Id of the address, as an entity. */
  readonly address: string;
  /** Ids of the hosts that claim it: of one, the evidence counts in its incident; of several, in none of theirs. */
  readonly hosts: readonly string[];
  /** The address's own incident, and the one that its evidence counts in. */
  readonly own: string;
  readonly into: string;
}

/** What claims make of the evidence on the addresses, by the id of the address's own incident. */
export function joinClaims(claims: Iterable<Claim>): Map<string, Joined> {
  const joined = new Map<string, Joined>();
  for (const claim of claims) {
    const { scope, day } = claim;
    if (day === UNDATED) continue;
    const address = entityId(scope, { type: 'address', name: claim.address });
    const host = entityId(scope, { type: 'host', name: claim.host });
    const own = incidentIdOf(address, day);
    const before = joined.get(own)?.hosts ?? [];
    const hosts = before.includes(host) ? before : [...before, host];
    const into = hosts.length === 1 ? incidentIdOf(host, day) : own;
    joined.set(own, { claim, address, hosts, own, into });
  }
  return joined;
}
