import { parseAddress } from '../../src/lookups/address.ts';
import { type Block, type Claim, claimName } from './claim.ts';
import { ADDRESSES_EXPIRE, ORIGINS } from './origins.ts';
import { MINING_PORTS } from './ports.ts';
import { type Confidence, groupClaims, noteOf, type Row, referenceOf } from './row.ts';
import { isCdn, registrable } from './weed.ts';

/** On these, an address that has passed to someone else serves web pages. */
const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];

/** What the whole list says of a block or an address, beyond the claim at hand. */
interface Witnesses {
  /** Names of pools in a block, in the order of the list. */
  readonly pools: (block: Block) => readonly string[];
  /** In how many blocks an address stands, on whatever port. */
  readonly blocks: (address: string) => number;
}

/**
 * One row for each address or socket that is left, sorted by number and port.
 *
 * @param pools the pool names that are left of the block, in the order of the list.
 */
export function addressRows(claims: readonly Claim[], pools: (block: Block) => readonly string[]): Row[] {
  const byAddress = groupClaims(claims, ({ value }) => value);
  const blocks = (address: string): number => new Set(byAddress.get(address)?.map(({ block }) => block)).size;
  const rows = [...groupClaims(claims, claimName).values()].map((group) => addressRow(group, { pools, blocks }));
  return rows.sort(byNumber);
}

function addressRow(claims: readonly [Claim, ...Claim[]], { pools, blocks }: Witnesses): Row {
  const [{ value, port, block }] = claims;
  const named = [...new Set(claims.flatMap((claim) => pools(claim.block)).map((name) => registrable(name) ?? name))];
  const titles = claims.flatMap((claim) => claim.block.title ?? []);
  const reports = blocks(value);
  const note = noteOf(
    named[0] === undefined || titles.length > 0 ? undefined : `listed with ${named.slice(0, 3).join(', ')}`,
    titles[0] === undefined ? undefined : `title search for ${titles[0]}`,
    reports > 1 ? `${reports} reports name the address` : undefined,
  );
  const inTitle = titles.length > 0 && MINING_PORTS.includes(port ?? 0);
  const besidePool = claims.some((claim) => claim.block.title === undefined && pools(claim.block).length > 0);
  const vouched = reports > 1 || besidePool || inTitle;
  const confidence: Confidence =
    port === undefined || isCdn(value) || WEB_PORTS.includes(port) || !vouched ? 'low' : 'medium';
  const reference = referenceOf(claims);
  const expires = ADDRESSES_EXPIRE[block.origin];
  return {
    value,
    ...(port === undefined ? {} : { port }),
    type: parseAddress(value)?.version === 6 ? 'ipv6-addr' : 'ipv4-addr',
    confidence,
    ...(reference === ORIGINS.maltrail.reference ? {} : { reference }),
    ...(note === undefined ? {} : { note }),
    ...(expires === undefined ? {} : { expires }),
  };
}

/** Whole addresses stand before their sockets; IPv4 before IPv6. */
function byNumber(a: Row, b: Row): number {
  const [x, y] = [parseAddress(String(a.value)), parseAddress(String(b.value))];
  if (x === undefined || y === undefined || x.version !== y.version) return (x?.version ?? 0) - (y?.version ?? 0);
  if (x.bits !== y.bits) return x.bits < y.bits ? -1 : 1;
  return (a.port ?? 0) - (b.port ?? 0);
}
