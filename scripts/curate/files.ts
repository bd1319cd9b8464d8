import type { LookupKind } from '../../src/model/indicator.ts';
import { addressRows } from './addresses.ts';
import type { Block, Claim } from './claim.ts';
import { commandLineRows } from './command-lines.ts';
import { categoryOf, domainRows } from './domains.ts';
import { ORIGINS, UPDATED } from './origins.ts';
import { extendedPortRows, portRows } from './ports.ts';
import { processRows } from './processes.ts';
import type { Lists } from './read.ts';
import type { Row } from './row.ts';
import { signatureRows } from './signatures.ts';
import { stratumMethodRows } from './stratum-methods.ts';
import type { Tally } from './tally.ts';
import { browserMinerUrls, downloadUrls } from './urls.ts';
import { userAgentRows } from './user-agents.ts';

/** A lookup file. Its keys are written in this order. */
export interface LookupFile {
  readonly name: string;
  readonly kind: LookupKind;
  readonly description: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  readonly updated: string;
  readonly rows: readonly Row[];
}

const MITRE = ORIGINS.minecanary.reference;

/** A lookup of our own research; rows from a published list name its provider and licence. */
function researched(
  name: string,
  kind: LookupKind,
  description: string,
  rows: readonly Row[],
  licence: string = ORIGINS.minecanary.licence,
): LookupFile {
  return { name, kind, description, provider: 'minecanary', licence, reference: MITRE, updated: UPDATED, rows };
}

/** The shipped lookups, from what the lists say and the claims that the weeding left. */
export function lookupFiles(claims: readonly Claim[], lists: Omit<Lists, 'claims'>, tally: Tally): LookupFile[] {
  return [...listedFiles(claims, tally), ...researchedFiles(lists)];
}

function listedFiles(claims: readonly Claim[], tally: Tally): LookupFile[] {
  const names = claims.filter(({ kind }) => kind === 'domain');
  const addresses = claims.filter(({ kind }) => kind === 'address');
  const domains = domainRows(names, tally);
  const common = {
    provider: 'minecanary, from published lists',
    licence: 'DRL-1.1 AND BSD AND MIT AND Apache-2.0',
    reference: MITRE,
    updated: UPDATED,
  };
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
        'Names of mining pools, their Stratum hosts, donation hosts of miners, and browser miners. ' +
        'Each row has its provider and licence; see README.md beside this file.',
      ...common,
      rows: domains.filter(({ category }) => category !== 'site'),
    },
    {
      name: 'mining-sites',
      kind: 'domain',
      description:
        'Sites about mining, of coins and their seed hosts, markets of computing power: people visit them without mining.',
      ...common,
      rows: domains.filter(({ category }) => category === 'site'),
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

function researchedFiles({ texts, paths }: Omit<Lists, 'claims'>): LookupFile[] {
  const mixed = 'Apache-2.0 AND DRL-1.1';
  return [
    researched(
      'mining-ports-extended',
      'port',
      'Further ports of pools, each used by few: they tag, and make no alert.',
      extendedPortRows(),
    ),
    researched(
      'browser-miner-urls',
      'url',
      'Scripts of browser miners, by host and the beginning of the path.',
      browserMinerUrls(paths),
      'Apache-2.0 AND MIT',
    ),
    researched('miner-downloads', 'url', 'Where miners and their installers are fetched from.', downloadUrls()),
    researched('mining-processes', 'process', 'File names and original file names of miners.', processRows()),
    researched(
      'mining-command-lines',
      'command-line',
      'Parts of command lines that start a miner, also in base64. Those of category stratum name a pool: mining itself.',
      commandLineRows(texts.commands),
      mixed,
    ),
    researched(
      'mining-user-agents',
      'user-agent',
      'What miners call themselves over HTTP.',
      userAgentRows(texts.agents),
      mixed,
    ),
    researched(
      'mining-signatures',
      'signature',
      'Names and categories of IDS rules on coin mining, whoever makes them.',
      signatureRows(),
    ),
    researched('stratum-methods', 'payload', 'JSON-RPC methods between a miner and its pool.', stratumMethodRows()),
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
  const pairs = Object.entries(row).map(([key, value]) => pair(key, value));
  return `{ ${pairs.join(', ')} }`;
}

function pair(key: string, value: unknown): string {
  const text = Array.isArray(value)
    ? `[${value.map((each) => JSON.stringify(each)).join(', ')}]`
    : JSON.stringify(value);
  return `${JSON.stringify(key)}: ${text}`;
}
