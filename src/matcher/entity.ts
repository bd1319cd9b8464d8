import { type Address, inNetworks, parseAddress } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import type { Direction } from '../model/event.ts';
import type { Entity } from '../model/match.ts';
import type { ContextName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { Observed } from './observe.ts';

/** Who is under suspicion, and which way the traffic ran as seen from there. */
export interface Suspect {
  readonly entity: Entity;
  readonly direction: Direction;
}

const HOST_MODULES = /^(windows|winlog|sysmon|security|powershell|endpoint|auditd|auditd_manager|audit)$/;
const HOST_DATASETS = /^(windows\.|winlog\.|sysmon|endpoint\.|auditd|system\.(security|auth))/;
const HOST_AGENTS = /^(winlogbeat|auditbeat|endpoint)$/;

function first(observed: Observed, name: ContextName): string | undefined {
  const value = observed.context(name).find((one) => one !== '');
  return value === undefined ? undefined : String(value);
}

/** Windows, Sysmon, endpoint and audit events are told by the host itself; of others, `host.*` may be the sensor. */
function isToldByHost(observed: Observed): boolean {
  const any = (name: ContextName, pattern: RegExp): boolean =>
    observed.context(name).some((value) => pattern.test(String(value).toLowerCase()));
  return (
    first(observed, 'computer') !== undefined ||
    first(observed, 'channel') !== undefined ||
    any('module', HOST_MODULES) ||
    any('dataset', HOST_DATASETS) ||
    any('agent', HOST_AGENTS) ||
    any('category', /^process$/)
  );
}

function hostEntity(observed: Observed): Entity | undefined {
  if (!isToldByHost(observed)) return undefined;
  const name = first(observed, 'computer') ?? first(observed, 'host');
  return name === undefined ? undefined : { type: 'host', name: name.toLowerCase(), shared: false };
}

function addressEntity(name: string | undefined): Entity | undefined {
  return name === undefined ? undefined : { type: 'address', name, shared: false };
}

function directionOf(observed: Observed, context: Context): Direction {
  const { client, server, clientLocality, serverLocality, reply } = context;
  if (reply) return 'outbound';
  if (clientLocality === 'internal') return 'outbound';
  if (serverLocality === 'internal' && clientLocality === 'external') return 'inbound';
  // Who logs on from outside reaches the host that tells of it.
  if (server === undefined && clientLocality === 'external' && isToldByHost(observed)) return 'inbound';
  const told = first(observed, 'direction')?.toLowerCase();
  if (told === 'outbound' || told === 'egress') return 'outbound';
  if (told === 'inbound' || told === 'ingress') return server === undefined ? 'unknown' : 'inbound';
  return client === undefined ? 'unknown' : 'outbound';
}

/** The internal endpoint before NAT; both internal: the client; both public: whom the direction makes ours. */
function networkEntity(context: Context, direction: Direction): Entity | undefined {
  const { client, server, clientLocality, serverLocality, reply } = context;
  if (reply) return addressEntity(serverLocality !== 'internal' && clientLocality === 'internal' ? client : server);
  if (clientLocality === 'internal') return addressEntity(client);
  if (serverLocality === 'internal') return addressEntity(server);
  return addressEntity(direction === 'inbound' ? (server ?? client) : client);
}

/** Behind a shared host: whom it forwarded for, else its user, else itself. Of clients from outside, it stays itself. */
function beyondShared(entity: Entity, observed: Observed, direction: Direction): Entity {
  if (direction === 'inbound') return { ...entity, shared: true };
  const forwarded = parseAddress(first(observed, 'forwarded') ?? '');
  if (forwarded !== undefined) return { type: 'address', name: forwarded.text, shared: false };
  const user = first(observed, 'user') ?? first(observed, 'sourceUser');
  return user === undefined ? { ...entity, shared: true } : { type: 'user', name: user, shared: false };
}

/** An event without a host or an address of ours. */
function nobody({ sourceText }: Observed, dataset: string): Entity {
  if (sourceText !== undefined) return { type: 'text', name: parseName(sourceText) ?? sourceText, shared: false };
  return { type: 'unknown', name: `unknown:${dataset}`, shared: true };
}

/** Compiles the rule for whom an event makes suspect. `shared` lists addresses, CIDRs and host names. */
export function createSuspector(shared: readonly string[]): (observed: Observed, context: Context) => Suspect {
  const inShared = inNetworks(shared);
  const names = new Set(shared.map((text) => text.toLowerCase()));
  const isShared = ({ name }: Entity): boolean => {
    const address: Address | undefined = parseAddress(name);
    return names.has(name) || (address !== undefined && inShared(address));
  };

  return (observed, context) => {
    const direction = directionOf(observed, context);
    const proposed = hostEntity(observed) ?? networkEntity(context, direction);
    if (proposed === undefined) return { entity: nobody(observed, datasetOf(observed)), direction };
    return { entity: isShared(proposed) ? beyondShared(proposed, observed, direction) : proposed, direction };
  };
}

/** `event.dataset`, else what stands nearest to it, else `unknown`. */
export function datasetOf(observed: Observed): string {
  return first(observed, 'dataset') ?? first(observed, 'streamDataset') ?? first(observed, 'module') ?? 'unknown';
}
