import { suffixes } from '../../src/lookups/name.ts';
import type { Claim, Origin } from './claim.ts';
import { byTrust, ORIGINS } from './origins.ts';
import { RESEARCHED_SITES } from './researched-sites.ts';
import { atLeast, type Category, type Confidence, groupClaims, noteOf, type Row, referenceOf } from './row.ts';
import { BROWSER_MINERS, DONATION_DOMAINS, REVERSE_NAMES, SITES, VOUCHED } from './tables.ts';
import type { Tally } from './tally.ts';
import { registrable } from './weed.ts';

type Claims = readonly [Claim, ...Claim[]];

/** Origins of which one alone is enough where it speaks of pools. */
const TRUSTED: ReadonlySet<Origin> = new Set(['Sigma', 'ET Open']);

/** Origins whose weak claims alone make a row low: third-party pages with a miner, pools that have closed. */
const WEAK: ReadonlySet<Origin> = new Set(['NoCoin', 'minecanary']);

/** One row for each name that is left, sorted; names under a parent that says the same are counted and left out. */
export function domainRows(claims: readonly Claim[], tally: Tally): Row[] {
  const rows = new Map<string, Row>();
  for (const [name, group] of groupClaims(claims, ({ value }) => value)) rows.set(name, domainRow(name, group));
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([name, row]) => {
    const covered = [...suffixes(name)].slice(1).some((parent) => covers(rows.get(parent), row));
    if (covered) tally.covered.add(name);
    return covered ? [] : [row];
  });
}

function covers(parent: Row | undefined, { category, confidence }: Row): boolean {
  if (parent === undefined || !atLeast(parent.confidence, confidence)) return false;
  return parent.category === category || category === 'site' || (parent.category === 'pool' && category === 'stratum');
}

function domainRow(value: string, claims: Claims): Row {
  const origins = [...new Set(claims.map(({ block }) => block.origin))].sort(byTrust);
  const provider = origins[0] ?? claims[0].block.origin;
  const own = claims.filter(({ block }) => block.origin === provider);
  const first = own[0] ?? claims[0];
  const category = categoryOf(value, claims);
  const note = noteOf(
    category === 'site' ? siteReason(value) : VOUCHED.get(value),
    first.block.authors === undefined ? undefined : `rule by ${first.block.authors}`,
    first.block.title === undefined ? undefined : `title search for ${first.block.title}`,
    origins.length > 1 ? `also in ${origins.slice(1).join(', ')}` : undefined,
  );
  return {
    value,
    type: 'domain-name',
    category,
    confidence: confidenceOf(value, category, claims, origins),
    provider,
    licence: ORIGINS[provider].licence,
    reference: referenceOf([first, ...own.slice(1)]),
    ...(note === undefined ? {} : { note }),
  };
}

/** Seed hosts stand under the home page whose coin they serve; a listed host below a site is no site itself. */
function siteReason(name: string): string | undefined {
  if (/^seed\d*\./.test(name)) return 'seed host of a coin';
  return (
    SITES.get(name) ??
    RESEARCHED_SITES.get(name) ??
    (name.endsWith('.node.btx.tools') ? SITES.get('node.btx.tools') : undefined)
  );
}

/**
 * What is asked for by that name. Without an entry in a table: NoCoin lists browser miners, the others pools; a pool's
 * registered domain is `pool` (with its web site), a host below it `stratum`.
 */
export function categoryOf(value: string, claims: readonly Claim[]): Category {
  if (siteReason(value) !== undefined) return 'site';
  if ([...suffixes(value)].some((parent) => BROWSER_MINERS.has(parent))) return 'browser-miner';
  const domain = registrable(value) ?? value;
  if (DONATION_DOMAINS.includes(domain)) return 'donation';
  const onlyMiners = claims.every(({ block }) => block.origin === 'NoCoin' && block.about !== 'pools');
  if (onlyMiners) return 'browser-miner';
  return value === domain ? 'pool' : 'stratum';
}

/**
 * low: sites, reverse names of hosters, names that one origin alone lists and only in a weak way (WEAK).
 * high: two origins, or a strong Sigma rule or ET Open, or vouched for by name. medium: the rest.
 */
function confidenceOf(value: string, category: Category, claims: Claims, origins: readonly Origin[]): Confidence {
  if (category === 'site' || REVERSE_NAMES.some((suffix) => value.endsWith(`.${suffix}`))) return 'low';
  const strong = claims.some(({ block }) => block.about === 'pools' && TRUSTED.has(block.origin));
  if (strong || origins.length > 1 || VOUCHED.has(value)) return 'high';
  const doubtful = claims.every(({ block }) => WEAK.has(block.origin) && block.about === 'weak');
  return doubtful ? 'low' : 'medium';
}
