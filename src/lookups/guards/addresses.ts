import { parseNetwork } from '../address.ts';
import cloud from './cloud-ranges.json' with { type: 'json' };
import { compileRanges, isSingle } from './ranges.ts';
import { CDN, DOCUMENTATION, RESERVED, RESOLVERS } from './special-ranges.ts';

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
  const reserved = RESERVED.overlapping(network) ?? DOCUMENTATION.overlapping(network);
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
