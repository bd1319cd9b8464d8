import { addressRows } from './addresses.ts';
import type { Block, Claim } from './claim.ts';
import { categoryOf, domainRows } from './domains.ts';
import { ORIGINS, UPDATED } from './origins.ts';
import { portRows } from './ports.ts';
import type { Row } from './row.ts';
import type { Tally } from './tally.ts';

/** A lookup file. Its keys are written in this order. */
export interface LookupFile {
  readonly name: string;
  readonly kind: 'port' | 'domain' | 'address';
  readonly description: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  readonly updated: string;
  readonly rows: readonly Row[];
}

/** The shipped lookups, from the claims that the weeding left. */
export function lookupFiles(claims: readonly Claim[], tally: Tally): LookupFile[] {
  const names = claims.filter(({ kind }) => kind === 'domain');
  const addresses = claims.filter(({ kind }) => kind === 'address');
  return [
    {
      name: 'sec-port-cryptomining',
      kind: 'port',
      description: 'Ports that mining pools listen on. A port alone is weak evidence: each has honest uses too.',
      provider: 'Sycope',
      licence: 'facts, no licence',
      reference: 'https://www.sycope.com/post/how-to-detect-crypto-mining-in-your-organization',
      updated: UPDATED,
      rows: portRows(),
    },
    {
      name: 'pool-domains',
      kind: 'domain',
      description:
        'Names of mining pools, their Stratum hosts, donation hosts of miners, browser miners, and sites about mining. ' +
        'Each row has its provider and licence; see README.md beside this file.',
      provider: 'minecanary, from published lists',
      licence: 'DRL-1.1 AND BSD AND MIT',
      reference: 'https://attack.mitre.org/techniques/T1496/001/',
      updated: UPDATED,
      rows: domainRows(names, tally),
    },
    {
      name: 'pool-addresses',
      kind: 'address',
      description:
        'Addresses and sockets (address with port) of mining pools. All expire: see README.md beside this file.',
      provider: 'maltrail',
      licence: ORIGINS.maltrail.licence,
      reference: ORIGINS.maltrail.reference,
      updated: UPDATED,
      rows: addressRows(addresses, poolNames(names)),
    },
  ];
}

/** Which names in a block are of pools, miners' hosts or donation hosts: beside them, a socket is a pool's. */
function poolNames(claims: readonly Claim[]): (block: Block) => readonly string[] {
  const pools = new Map<Block, string[]>();
  for (const claim of claims) {
    if (categoryOf(claim.value, [claim]) === 'site') continue;
    pools.set(claim.block, [...(pools.get(claim.block) ?? []), claim.value]);
  }
  return (block) => pools.get(block) ?? [];
}

/** The text of a lookup file: one row a line, for readable differences. */
export function formatLookup({ rows, ...header }: LookupFile): string {
  const head = Object.entries(header).map(([key, value]) => `  ${pair(key, value)},\n`);
  return `{\n${head.join('')}  "rows": [\n${rows.map((row) => `    ${formatRow(row)}`).join(',\n')}\n  ]\n}\n`;
}

function formatRow(row: Row): string {
  const pairs = Object.entries(row).map(([key, value]) => pair(key, value as string | number));
  return `{ ${pairs.join(', ')} }`;
}

function pair(key: string, value: string | number): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}
