import cdn from './cdn-ranges.json' with { type: 'json' };
import { compileRanges } from './ranges.ts';

/** Ranges no pool can be reached in. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries. */
export const RESERVED = compileRanges([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/127',
  '64:ff9b::/96',
  '100::/64',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]);

/** Networks of examples, which are nobody's. Source: RFC 5737, RFC 3849. */
export const DOCUMENTATION = compileRanges(['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32']);

/** Resolvers that everybody asks. Source: what Google, Cloudflare, Quad9, OpenDNS and AdGuard publish of themselves. */
export const RESOLVERS = compileRanges([
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
/** Networks in which an address serves many sites. */
export const CDN = compileRanges(cdn.values);
