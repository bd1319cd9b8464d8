/** The index's own list of values counts only where it is whole; else the values are read from the documents. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/elastic/client.ts';
import { indexedTerms } from '../../../src/elastic/dictionary.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { GroupPlan } from '../../../src/sources/plan.ts';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { OVERLOAD, type Rules, startProxy } from '../../support/proxy.ts';
import { tablesOf } from '../../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const DAY = 40;
const RANGE = { from: Date.parse(daysAgo(DAY + 1)), to: Date.parse(daysAgo(DAY - 1)) };
const NAME = { dns: { properties: { question: { properties: { name: { type: 'keyword' } } } } } } as const;
const MAPPINGS = { properties: { '@timestamp': { type: 'date' }, ...NAME } } as const;

let corner: Corner;
beforeAll(async () => {
  corner = await openCorner();
  for (const suffix of ['-a', '-b']) {
    const index = await corner.index(suffix, { mappings: MAPPINGS });
    await corner.put(index, {
      [`mining${suffix}`]: { '@timestamp': daysAgo(DAY), dns: { question: { name: `eu${suffix}.minexmr.com` } } },
      [`benign${suffix}`]: { '@timestamp': daysAgo(DAY), dns: { question: { name: 'example.org' } } },
    });
  }
});
afterAll(() => corner.close());

/** Ids of the candidates, through a proxy. */
async function candidates(rules: Rules): Promise<{ ids: string[]; requests: string[] }> {
  const requests: string[] = [];
  const proxy = await startProxy(elasticsearchUrl(), {
    ...rules,
    request: (line, body) => {
      requests.push(line);
      return rules.request?.(line, body);
    },
  });
  const client = connect({ node: [proxy.url] });
  try {
    const source = await openElasticsearchSource({
      client,
      name: 'test',
      index: [`${corner.name}-a`, `${corner.name}-b`],
      policy: DEFAULT_POLICY,
      tables: tablesOf(),
      smallWindow: 0,
      smallSweep: 0,
    });
    const ids: string[] = [];
    for await (const page of source.read({ by: 'timestamp', range: RANGE }))
      ids.push(...page.map(({ place }) => place.id));
    return { ids: ids.toSorted(), requests };
  } finally {
    await client.close();
    await proxy.close();
  }
}

const isList = (line: string): boolean => line.endsWith('/_terms_enum');
const MINING = ['mining-a', 'mining-b'];

test('each index is asked for its own list, and no document is gone over', async () => {
  const { ids, requests } = await candidates({});
  expect(ids).toEqual(MINING);
  expect(requests.filter(isList).length).toBe(2);
});

describe('what is missing from a list is read from the documents', () => {
  test.each<[string, Rules]>([
    ['it was cut short', { answer: (line, told) => (isList(line) ? { ...told, terms: [], complete: false } : told) }],
    [
      'a shard failed',
      {
        answer: (line, told) =>
          isList(line) ? { ...told, terms: [], _shards: { total: 1, successful: 0, failed: 1 } } : told,
      },
    ],
    [
      'nothing is told of an index, as where a role sees some of its documents',
      { answer: (line, told) => (isList(line) && line.includes('-b/') ? { ...told, terms: [] } : told) },
    ],
    [
      'the server does not offer it',
      {
        request: (line) =>
          isList(line) ? { status: 405, type: 'illegal_argument_exception', reason: 'no handler' } : undefined,
      },
    ],
    [
      'the role may not ask for it',
      {
        request: (line) =>
          isList(line) ? { status: 403, type: 'security_exception', reason: 'unauthorized' } : undefined,
      },
    ],
  ])('%s', async (_, rules) => {
    expect((await candidates(rules)).ids).toEqual(MINING);
  });
});

test('a server that has too much to do is not taken for one without values', async () => {
  await expect(candidates({ request: (line) => (isList(line) ? OVERLOAD : undefined) })).rejects.toMatchObject({
    retryable: true,
  });
});

/** Shards sort these by their bytes, and the node that puts the answers together by UTF-16. */
const WILD = Array.from({ length: 200 }, (_, i) => `${i % 2 === 0 ? '\u{1f600}' : '\uff46'}${i}`);

async function fill(suffix: string, values: readonly string[], shards: number): Promise<string> {
  const index = await corner.index(suffix, { mappings: MAPPINGS, settings: { number_of_shards: shards } });
  const parts = Array.from({ length: 16 }, (_, k) => values.filter((__, i) => i % 16 === k));
  const documents = parts.map((name, k) => [`${k}`, { '@timestamp': daysAgo(2 * DAY), dns: { question: { name } } }]);
  await corner.put(index, Object.fromEntries(documents) as Record<string, Record<string, unknown>>);
  return index;
}

describe('a list of more than a page', () => {
  test.each<[string, number, readonly string[]]>([
    ['of one shard', 1, Array.from({ length: 23_456 }, (_, i) => `v${i}`)],
    ['of three shards', 3, Array.from({ length: 23_456 }, (_, i) => `v${i}`)],
    ['that ends with the page', 1, Array.from({ length: 20_000 }, (_, i) => `v${i}`)],
    [
      'with characters of all planes behind the page',
      3,
      [...Array.from({ length: 10_100 }, (_, i) => `v${i}`), ...WILD],
    ],
  ])('%s is whole', async (what, shards, values) => {
    const index = await fill(`-list-${what.replaceAll(' ', '-')}`, values, shards);
    const told = new Set<string>();
    const count = await indexedTerms(corner.client, index, 'dns.question.name', (value) => told.add(value));
    expect(count).toBe(values.length);
    expect(told).toEqual(new Set(values));
  });

  test('whose page ends where orders differ is not taken for whole', async () => {
    const values = [...Array.from({ length: 9_900 }, (_, i) => `v${i}`), ...WILD];
    const index = await fill('-list-wild', values, 3);
    const told = new Set<string>();
    const count = await indexedTerms(corner.client, index, 'dns.question.name', (value) => told.add(value));
    expect([undefined, new Set(told).size]).toContain(count);
    if (count !== undefined) expect(told).toEqual(new Set(values));
    else expect(told.size).toBeLessThan(values.length);
  });
});

test('a plan says how each field is read, and why', async () => {
  const plans: GroupPlan[] = [];
  const source = await openElasticsearchSource({
    client: corner.client,
    name: 'test',
    index: [`${corner.name}-a`],
    policy: DEFAULT_POLICY,
    tables: tablesOf(),
  });
  plans.push(...(await source.explain({ by: 'timestamp', range: RANGE })));
  expect(plans).toMatchObject([{ documents: 2, whole: 'fewer than 1,000 documents' }]);
});
