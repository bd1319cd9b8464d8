import { parseNetwork } from '../address.ts';
import cdn from './cdn-ranges.json' with { type: 'json' };
import cloud from './cloud-ranges.json' with { type: 'json' };
import { compileRanges, isSingle } from './ranges.ts';

/** Ranges no pool can be reached in. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries. */
const RESERVED = compileRanges([
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
]);

/** Resolvers that everybody asks. Source: what Google, Cloudflare, Quad9, OpenDNS and AdGuard publish of themselves. */
const RESOLVERS = compileRanges([
  '8.8.8.8',
  '8.8.4.4',
  '1.1.1.1',
  '1.0.0.1',
  '9.9.9.9',
  '149.112.112.112',
  '208.67.222.222',
  '208.67.220.220',
  '94.140.14.14',
  '94.140.15.15',
  '2001:4860:4860::8888',
  '2001:4860:4860::8844',
  '2606:4700:4700::1111',
  '2606:4700:4700::1001',
  '2620:fe::fe',
  '2620:119:35::35',
  '2620:119:53::53',
]);
const CDN = compileRanges(cdn.values);
const CLOUD = compileRanges(cloud.values);
/** In a cloud, a customer holds single addresses; a wider network holds those of many. */
const WIDEST_IN_CLOUD = { 4: 28, 6: 64 } as const;

/**
 * What is wrong with a row for this address or network, in one sentence; undefined if nothing is. At a content delivery
 * network an address serves many, and with a port it still tells little, which the row's confidence has to say.
 *
 * @param value an address or CIDR in normal form.
 */
export function addressObjection(value: string, port: number | undefined): string | undefined {
  const network = parseNetwork(value);
  if (network === undefined) return undefined;
  const reserved = RESERVED.overlapping(network);
  if (reserved !== undefined) return `${value} is private, reserved or special-purpose: it overlaps ${reserved.text}`;
  const resolver = RESOLVERS.overlapping(network);
  if (resolver !== undefined) {
    return `${value} is or holds a public DNS resolver: ${resolver.text}`;
  }
  const shared = port !== undefined && isSingle(network) ? undefined : CDN.overlapping(network);
  if (shared !== undefined) {
    return `${value} overlaps ${shared.text} of a content delivery network, where an address serves many sites`;
  }
  const wide = network.prefix < WIDEST_IN_CLOUD[network.version] ? CLOUD.overlapping(network) : undefined;
  if (wide !== undefined) return `${value} overlaps ${wide.text} of a cloud, and would match many customers of it`;
  return undefined;
}
