import { parseAddress } from '../../src/lookups/address.ts';
import { compile, type Tables } from '../../src/lookups/compile.ts';
import { type Lookup, type ParsedLookup, parseLookup } from '../../src/lookups/parse.ts';
import { createMatcher, type Matcher } from '../../src/matcher/match.ts';
import type { Indicator, LookupKind } from '../../src/model/indicator.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import type { LookupRow } from '../../src/schema/lookup.ts';

/** A row of a lookup; a bare value is one of its kind with confidence medium. */
export type Row = string | number | (Partial<LookupRow> & Pick<LookupRow, 'value'>);
export type RowsByKind = Readonly<Partial<Record<LookupKind, readonly Row[]>>>;

export const TODAY = '2026-11-24';

/** MD5, SHA-1 and SHA-256 of a program no one runs. */
export const HASHES = ['0123456789abcdef'.repeat(2), '0123456789'.repeat(4), 'fedcba9876543210'.repeat(4)] as const;

/** The lookups every test of the matcher knows: the seven ports, a pool, a browser miner, and some of every kind. */
export const MINING: RowsByKind = {
  port: [3333, 4444, 5555, 6666, 7777, 8888, 9999],
  domain: [
    { value: 'minexmr.com', confidence: 'high', category: 'pool' },
    { value: 'coinhive.com', confidence: 'high', category: 'browser-miner' },
    { value: 'doubtful.org', confidence: 'low' },
  ],
  address: [
    '51.15.58.224',
    '94.130.12.0/24',
    '2a01:4f8::/32',
    { value: '37.59.43.131', port: 14444, confidence: 'high' },
    { value: '2001:41d0::5', port: 443, confidence: 'high' },
    { value: '37.59.44.1', confidence: 'low' },
  ],
  url: ['cdn.example/lib/miner.js', { value: 'ads.example/m/', category: 'browser-miner' }, '203.0.113.9/x/'],
  process: ['xmrig.exe', 'xmrig', ...HASHES],
  'command-line': [
    { value: 'stratum+tcp://', confidence: 'high', category: 'stratum' },
    '--donate-level',
    { value: ' -o pool.', excludes: [' pool.o ', 'gcc -'] },
  ],
  'user-agent': ['XMRig/*'],
  signature: ['*Cryptocurrency Miner*', 'Cryptomining'],
  payload: [
    { value: 'mining.subscribe', confidence: 'high' },
    { value: 'login', params: ['agent', 'login', 'pass'] },
    { value: 'submit', params: ['id', 'job_id', 'nonce', 'result'] },
  ],
};

const TYPES: Readonly<Partial<Record<LookupKind, LookupRow['type']>>> = {
  port: 'port',
  domain: 'domain-name',
  url: 'url',
  'command-line': 'process',
  'user-agent': 'software',
  signature: 'x-ids-signature',
  payload: 'network-traffic',
};

function typeOf(kind: LookupKind, value: string | number): LookupRow['type'] {
  const text = String(value);
  if (kind === 'process') return /^[0-9a-f]{32,}$/i.test(text) ? 'file' : 'process';
  return TYPES[kind] ?? (parseAddress(text.split('/')[0] ?? '')?.version === 6 ? 'ipv6-addr' : 'ipv4-addr');
}

/** The text of a lookup file with these rows. */
export function lookupText(kind: LookupKind, rows: readonly Row[], header: object = {}): string {
  const full = rows.map((row) => {
    const given = typeof row === 'object' ? row : { value: row };
    return { type: typeOf(kind, given.value), confidence: 'medium', ...given };
  });
  const top = { name: `test-${kind}`, kind, description: 'for a test', provider: 'us', licence: 'Apache-2.0' };
  return JSON.stringify({ ...top, reference: 'https://example.org/', updated: TODAY, ...header, rows: full }, null, 2);
}

export function parseRows(kind: LookupKind, rows: readonly Row[], header: object = {}): ParsedLookup {
  return parseLookup(lookupText(kind, rows, header), `${kind}.json`);
}

/** Throws where the rows are not fit for a lookup. */
export function lookupOf(kind: LookupKind, rows: readonly Row[], header: object = {}): Lookup {
  const { lookup, faults } = parseRows(kind, rows, header);
  if (lookup === undefined) throw new Error(JSON.stringify(faults));
  return lookup;
}

export function tablesOf(rows: RowsByKind = MINING, today = TODAY): Tables {
  const kinds = Object.entries(rows) as [LookupKind, readonly Row[]][];
  return compile(
    kinds.map(([kind, some]) => lookupOf(kind, some)),
    today,
  );
}

export function matcherOf(rows: RowsByKind = MINING, policy: Partial<Policy> = {}): Matcher {
  return createMatcher(tablesOf(rows), { ...DEFAULT_POLICY, ...policy });
}

/** All indicators that count, of every kind. */
export function indicatorsOf({ byKind }: Tables): Indicator[] {
  return Object.values(byKind).flatMap(({ indicators }) => indicators);
}
