import ipaddr from 'ipaddr.js';
import { parse as parseHost } from 'tldts';
import { inNetworks, parseAddress } from '../../src/lookups/address.ts';
import { suffixes } from '../../src/lookups/name.ts';
import { type Block, type Claim, claimName } from './claim.ts';
import { ADDRESSES_EXPIRE, UPDATED } from './origins.ts';
import { CDN_RANGES, NOT_MINING, SHARED_SUFFIXES, WELL_KNOWN, WRONG_OWNERS } from './tables.ts';
import type { Rule, Tally } from './tally.ts';

/** From so many addresses on one port in one block on, they are peers of a coin's network. */
const PEERS = 20;

const inCdn = inNetworks(CDN_RANGES);
const withWrongOwner = inNetworks([...WRONG_OWNERS.keys()]);

/** Takes out the claims that a rule forbids, and counts them under the first rule that does. */
export function weed(claims: readonly Claim[], tally: Tally): Claim[] {
  const arePeers = peerFinder(claims);
  return claims.filter((claim) => {
    const rule = claim.kind === 'domain' ? nameObjection(claim) : addressObjection(claim, arePeers);
    if (rule !== undefined) tally[rule].add(claimName(claim));
    return rule === undefined;
  });
}

function nameObjection({ value, block }: Claim): Rule | undefined {
  const own = registrable(value);
  if (block.title !== undefined && !isOwnDomain(own ?? value, block.title)) return 'title-search';
  if (own === null || SHARED_SUFFIXES.has(value)) return 'shared-suffix';
  if (parseHost(value).isIcann !== true) return 'no-such-tld';
  const parents = [...suffixes(value)];
  if (NOT_MINING.has(value) || parents.some((parent) => WELL_KNOWN.has(parent))) return 'not-mining';
  return undefined;
}

function addressObjection(claim: Claim, arePeers: (claim: Claim) => boolean): Rule | undefined {
  const { value, port, block } = claim;
  const address = parseAddress(value);
  if (address === undefined || ipaddr.parse(value).range() !== 'unicast') return 'special';
  if (port !== undefined && (port < 1 || port > 65_535)) return 'special';
  if (arePeers(claim)) return 'peers';
  if (withWrongOwner(address)) return 'wrong-owner';
  if (port === undefined && inCdn(address)) return 'cdn-address';
  return (ADDRESSES_EXPIRE[block.origin] ?? '') < UPDATED ? 'expired' : undefined;
}

/**
 * A pool has few servers, so twenty or more addresses on one port are peers, even beside a pool's name. In a title
 * search they stay: the pool's name was seen at each of them.
 */
function peerFinder(claims: readonly Claim[]): (claim: Claim) => boolean {
  const addresses = new Map<Block, Map<number, Set<string>>>();
  for (const { value, port, block } of claims) {
    if (port === undefined || block.title !== undefined) continue;
    const ports = addresses.get(block) ?? new Map<number, Set<string>>();
    addresses.set(block, ports.set(port, (ports.get(port) ?? new Set()).add(value)));
  }
  return ({ port = 0, block }) => (addresses.get(block)?.get(port)?.size ?? 0) >= PEERS;
}

/** The domain that someone registered, also under a private or shared suffix; null for a public suffix itself. */
export function registrable(name: string): string | null {
  return parseHost(name, { allowPrivateDomains: true }).domain;
}

/** `hashvault.pro` and `hashvau.lt` are HashVault's own: without dots, they begin with the first word of its title. */
function isOwnDomain(domain: string, title: string): boolean {
  const pool = title.toLowerCase().split(/\s/)[0] ?? '';
  return pool !== '' && domain.replaceAll('.', '').startsWith(pool);
}

/** Whether a CDN serves this address, so that it says little of who is behind it. */
export function isCdn(value: string): boolean {
  const address = parseAddress(value);
  return address !== undefined && inCdn(address);
}
