import { parse as parseHost } from 'tldts';
import type { Fault } from '../model/errors.ts';
import type { Indicator } from '../model/indicator.ts';
import { type Network, networkBits, parseNetwork } from './address.ts';
import { indicatorKey, type Lookup, rowFault } from './parse.ts';

/** Ranges no pool can be reached in. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries. */
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '100::/64',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].flatMap((text) => parseNetwork(text) ?? []);

/** Whether two networks share an address: then one holds the other. */
function overlap(one: Network, other: Network): boolean {
  const prefix = Math.min(one.prefix, other.prefix);
  const start = ({ version, bits }: Network) => networkBits(version, bits, prefix);
  return one.version === other.version && start(one) === start(other);
}

/** What is wrong with publishing this indicator, in one sentence; undefined if nothing is. */
function objection({ type, value }: Indicator): string | undefined {
  if (type === 'domain-name') {
    // The value is a name in normal form already; the strictness of tldts would refuse `a-.example.org`.
    const { domain } = parseHost(value, { allowPrivateDomains: true, validateHostname: false });
    const { isIcann, publicSuffix } = parseHost(value, { validateHostname: false });
    if (domain === null) return `${value} is a public suffix and would match everybody's names under it`;
    if (isIcann === false) return `${value} ends in .${publicSuffix}, and there is no such top-level domain`;
  }
  if (type === 'ipv4-addr' || type === 'ipv6-addr') {
    const network = parseNetwork(value);
    const reserved = network && RESERVED.find((range) => overlap(network, range));
    if (reserved !== undefined) return `${value} is private, reserved or special-purpose: it overlaps ${reserved.text}`;
  }
  return undefined;
}

/**
 * Editorial faults of a lookup that is well-formed: rows that can't be right (errors) and rows that do nothing
 * (warnings). They bind `lookups validate`, not the worker or a scan.
 *
 * @param today YYYY-MM-DD, UTC.
 * @param lineOf line of a JSON pointer in the lookup's file, where known.
 */
export function guard(lookup: Lookup, today: string, lineOf?: (pointer: string) => number | undefined): Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  for (const [i, indicator] of lookup.indicators.entries()) {
    const say = (severity: Fault['severity'], message: string): void => {
      faults.push(rowFault(severity, message, lookup.file, i, lineOf));
    };
    const reason = objection(indicator);
    if (reason !== undefined) say('error', reason);
    const key = indicatorKey(indicator);
    const twin = seen.get(key);
    if (twin !== undefined) say('warning', `${indicator.value} stands in row ${twin} too`);
    else seen.set(key, i);
    if (indicator.expires !== undefined && indicator.expires < today) {
      say('warning', `${indicator.value} expired on ${indicator.expires}`);
    }
  }
  return faults;
}
