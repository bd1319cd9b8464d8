import { expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { exportLookups } from '../../../src/convert/export/formats.ts';
import { HOSTILE, hostile } from '../../support/hostile.ts';
import { lookupOf, TODAY } from '../../support/tables.ts';

interface Rule {
  readonly title: string;
  readonly id: string;
  readonly level: string;
  readonly detection: Readonly<Record<string, unknown>>;
}

function rulesOf(text: string): Rule[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Rule);
}

test('one rule a kind, and one for rows of low confidence', () => {
  const low = lookupOf('domain', [{ value: 'site.example.org', confidence: 'low' }], { name: 'sites' });
  const { text, rows } = exportLookups([...HOSTILE, low], 'sigma', TODAY);
  const rules = rulesOf(text);
  expect(rules.map(({ title, level }) => `${level}: ${title}`)).toEqual([
    'low: Port Used By Mining Pools',
    'high: DNS Query For Mining Pool',
    'low: DNS Query For Mining Pool (Low Confidence)',
    'medium: Connection To Address Of Mining Pool',
    'high: Connection To Address And Port Of Mining Pool',
    'high: URL Of Miner',
    'high: Miner Started',
    'high: Command Line Of Miner',
    'high: User Agent Of Miner',
    'high: IDS Signature On Mining',
    'high: Stratum Method In Payload',
  ]);
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  expect(rows).toBe(HOSTILE.reduce((sum, { indicators }) => sum + indicators.length, 1));
});

test('what it can not say is counted', () => {
  const rows = [{ value: 'minexmr.com', category: 'pool', note: 'a', expires: TODAY, first_seen: TODAY }, 'f2pool.com'];
  expect(exportLookups([lookupOf('domain', rows)], 'sigma', TODAY).unsaid).toEqual([
    { what: 'provider, licence and reference of each row', rows: 2 },
    { what: 'whether confidence is medium or high', rows: 2 },
    { what: 'category', rows: 1 },
    { what: 'note', rows: 1 },
    { what: 'first and last sighting', rows: 1 },
    { what: 'expiry', rows: 1 },
  ]);
});

test('a name matches itself and what ends with a dot and it, never what only ends alike', () => {
  const [rule] = rulesOf(exportLookups([lookupOf('domain', ['minexmr.com'])], 'sigma', TODAY).text);
  expect(rule?.detection).toEqual({
    selection: [{ query: ['minexmr.com'] }, { 'query|endswith': ['.minexmr.com'] }],
    condition: 'selection',
  });
});

test('rows with excludes are a selection with a filter of their own', () => {
  const [rule] = rulesOf(exportLookups([hostile('command-line')], 'sigma', TODAY).text);
  expect(rule?.detection).toMatchObject({
    selection_1: [{ 'CommandLine|contains': ['--donate*level'] }],
    filter_1: { 'CommandLine|contains': ['gcc\\*', "it's"] },
    filter_2: { 'CommandLine|contains': ['\\*\\?\\\\'] },
    condition: 'selection or (selection_1 and not filter_1) or (selection_2 and not filter_2)',
  });
});

test('wildcards at the ends of a whole text become modifiers', () => {
  const lookup = lookupOf('user-agent', ['XMRig/*', '*miner', '*pool*er*', 'libredtail']);
  const [rule] = rulesOf(exportLookups([lookup], 'sigma', TODAY).text);
  expect(rule?.detection['selection']).toEqual([
    { 'c-useragent|startswith': ['XMRig/'] },
    { 'c-useragent|endswith': ['miner'] },
    { 'c-useragent|contains': ['pool*er'] },
    { 'c-useragent': ['libredtail'] },
  ]);
});
