import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Strategy } from '../../../src/convert/candidates.ts';
import type { Tables } from '../../../src/lookups/compile.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { GroupPlan, Way } from '../../../src/sources/plan.ts';
import { randomEvent, randomMapping, randomRows } from '../../support/mappings.ts';
import { createRandom, type Random } from '../../support/sample/prng.ts';
import { tablesOf } from '../../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const ROUNDS = Number(process.env['NARROWING_ROUNDS'] ?? 8);
const FIRST_SEED = Number(process.env['NARROWING_SEED'] ?? 1);
const EVENTS = 100;
const DAY = 40;
const RANGE = { from: Date.parse(daysAgo(DAY + 1)), to: Date.parse(daysAgo(DAY - 1)) };

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

/** Fills an index and returns the texts of the events it took, by id. */
async function fill(index: string, random: Random): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let i = 0; i < EVENTS; i += 1) texts.set(`${index}-${i}`, randomEvent(random, daysAgo(DAY)));
  const operations = [...texts].flatMap(([_id, text]) => [JSON.stringify({ create: { _id } }), text]);
  const { items } = await corner.client.bulk({ index, operations, refresh: true });
  for (const { create } of items) if (create?.error !== undefined) texts.delete(create._id ?? '');
  return texts;
}

/** However few the documents: their values told by the index itself, or read from the documents. */
const LISTED = { smallWindow: 0, smallSweep: 0 };
const SWEPT = { smallWindow: 0 };

/** Ids of the candidates, and of those that match. */
async function found(tables: Tables, index: string, plan: 'auto' | 'full', by: object = LISTED) {
  const policy = DEFAULT_POLICY;
  const ways = new Set<Way>();
  const planned = ({ fields }: GroupPlan): void => fields.forEach(({ way }) => ways.add(way));
  const options = { client: corner.client, name: corner.name, index: [index], policy, tables, planned, ...by };
  const source = await openElasticsearchSource(options);
  const matcher = createMatcher(tables, policy);
  const candidates: string[] = [];
  const matched: string[] = [];
  for await (const page of source.read({ by: 'timestamp', range: RANGE }, { plan })) {
    candidates.push(...page.map(({ place }) => place.id));
    matched.push(...page.flatMap(({ event, time, place }) => (matcher.match(event, time) ? [place.id] : [])));
  }
  const strategies = source.plan().map(({ strategy }) => strategy);
  return { candidates, matched: matched.toSorted(), strategies, ways };
}

test('whatever the mappings, the query leaves out no event that matches', async () => {
  const sum = { events: 0, candidates: 0, matched: 0, narrowed: 0, strategies: new Map<Strategy | Way, number>() };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + ROUNDS; seed += 1) {
    const random = createRandom(seed);
    const tables = tablesOf(randomRows(random));
    const matcher = createMatcher(tables);
    const expected: string[] = [];
    let events = 0;
    for (const suffix of ['a', 'b']) {
      const index = await corner.index(`-${seed}-${suffix}`, randomMapping(random));
      const texts = await fill(index, random);
      events += texts.size;
      for (const [id, text] of texts) if (matcher.match(JSON.parse(text)) !== undefined) expected.push(id);
    }
    const pattern = `${corner.name}-${seed}-*`;
    const auto = await found(tables, pattern, 'auto');
    const swept = await found(tables, pattern, 'auto', SWEPT);
    const full = await found(tables, pattern, 'full');
    expect({ seed, ids: full.matched }).toEqual({ seed, ids: expected.toSorted() });
    expect({ seed, ids: auto.matched }).toEqual({ seed, ids: expected.toSorted() });
    expect({ seed, ids: swept.matched }).toEqual({ seed, ids: expected.toSorted() });
    // The ways to read the distinct values differ in what they cost alone.
    expect(auto.candidates.toSorted()).toEqual(swept.candidates.toSorted());
    expect(new Set(auto.candidates).size).toBe(auto.candidates.length);
    for (const way of new Set([...auto.ways, ...swept.ways].filter((one) => one === 'dictionary')))
      sum.strategies.set(way, (sum.strategies.get(way) ?? 0) + 1);
    sum.events += events;
    sum.matched += expected.length;
    sum.candidates += auto.candidates.length;
    sum.narrowed += auto.candidates.length < events ? 1 : 0;
    for (const one of auto.strategies) sum.strategies.set(one, (sum.strategies.get(one) ?? 0) + 1);
    await corner.client.indices.delete({ index: [`${corner.name}-${seed}-a`, `${corner.name}-${seed}-b`] });
  }
  // Not vacuous: events were left out, others matched, by every strategy.
  expect(sum.matched / sum.events).toBeGreaterThan(0.1);
  expect(sum.candidates / sum.events).toBeLessThan(0.9);
  expect(sum.narrowed).toBeGreaterThan(ROUNDS / 2);
  for (const strategy of ['terms', 'phrase', 'sweep', 'exists', 'scan', 'dictionary'] as const) {
    expect(sum.strategies.get(strategy) ?? 0).toBeGreaterThan(ROUNDS / 2);
  }
});

const keyword = { type: 'keyword' } as const;
const LONG = `eu.${'a-long-label-for-a-test.'.repeat(8)}minexmr.com`;

test.each<[string, object, object, string]>([
  [
    'a number in a keyword that is no decimal text',
    {},
    { destination: { properties: { port: keyword } } },
    '{"destination":{"port":3333.0}}',
  ],
  [
    'a number in a keyword with an exponent',
    {},
    { destination: { properties: { port: keyword } } },
    '{"destination":{"port":3.333e3}}',
  ],
  [
    'a field beyond the limit, where nothing else is mapped',
    { mapping: { total_fields: { limit: 3, ignore_dynamic_beyond_limit: true } } },
    {},
    '{"destination":{"port":3333}}',
  ],
  [
    'a long value of a flattened field',
    {},
    { winlog: { properties: { event_data: { type: 'flattened', ignore_above: 20 } } } },
    `{"winlog":{"event_data":{"QueryName":"${LONG}"}}}`,
  ],
  [
    'a long keyword',
    {},
    { dns: { properties: { question: { properties: { name: { ...keyword, ignore_above: 20 } } } } } },
    `{"dns":{"question":{"name":"${LONG}"}}}`,
  ],
  [
    'an address in a nested object',
    {},
    { dns: { properties: { answers: { type: 'nested' } } } },
    '{"dns":{"answers":[{"data":"51.15.58.224"}]}}',
  ],
  [
    'a payload in a text that is split at blanks',
    {},
    { message: { type: 'text', analyzer: 'whitespace' } },
    '{"message":"{\\"id\\":1,\\"method\\":\\"mining.subscribe\\",\\"params\\":[]}"}',
  ],
  [
    'a URL listed by its address, beside a path',
    {},
    { destination: { properties: { ip: { type: 'ip' } } }, url: { properties: { path: keyword } } },
    '{"destination":{"ip":"203.0.113.9"},"url":{"path":"/x/y"}}',
  ],
  [
    'a long text with a keyword beside it',
    {},
    {
      user_agent: { properties: { original: { type: 'text', fields: { keyword: { ...keyword, ignore_above: 9 } } } } },
    },
    '{"user_agent":{"original":"XMRig/6.21.0 (Linux x86_64)"}}',
  ],
  [
    'a command line in arguments',
    {},
    { process: { properties: { args: keyword } } },
    '{"process":{"args":["x","-o","pool.example"]}}',
  ],
  [
    'an address that is malformed for its field',
    {},
    { destination: { properties: { address: { type: 'ip', ignore_malformed: true } } } },
    '{"destination":{"address":"51.15.58.224:443"}}',
  ],
])('%s is found', async (name, settings, properties, text) => {
  const index = await corner.index(`-${name.replaceAll(/[^a-z]/g, '-')}`, {
    settings,
    mappings: { properties: { '@timestamp': { type: 'date' }, ...properties } },
  });
  const benign = '{"destination":{"ip":"10.9.9.9"}}';
  const lines = [text, benign].map((one) => `{"@timestamp":"${daysAgo(DAY)}",${one.slice(1)}`);
  const operations = lines.flatMap((line, i) => [
    JSON.stringify({ create: { _id: i === 0 ? 'mining' : 'benign' } }),
    line,
  ]);
  const { errors } = await corner.client.bulk({ index, operations, refresh: true });
  expect(errors).toBe(false);
  expect((await found(tablesOf(), index, 'auto')).matched).toEqual(['mining']);
  expect((await found(tablesOf(), index, 'auto', SWEPT)).matched).toEqual(['mining']);
});

test('the raw event is not read where no query reaches it, as ECS maps it', async () => {
  const call = '{"id":1,"method":"mining.subscribe","params":[]}';
  const unreached = { type: 'keyword', index: false, doc_values: false } as const;
  const index = await corner.index('-raw', {
    mappings: { properties: { '@timestamp': { type: 'date' }, event: { properties: { original: unreached } } } },
  });
  await corner.put(index, {
    raw: { '@timestamp': daysAgo(DAY), event: { original: call } },
    dotted: { '@timestamp': daysAgo(DAY), 'event.original': call },
    other: { '@timestamp': daysAgo(DAY), event: { original: call }, message: call },
  });
  for (const plan of ['auto', 'full'] as const)
    expect((await found(tablesOf(), index, plan)).matched).toEqual(['other']);
  expect((await found(tablesOf(), index, 'auto')).strategies).not.toContain('scan');
});

test('thousands of networks are asked of every address field', async () => {
  const ip = { type: 'ip' } as const;
  const side = { properties: { ip, address: ip, nat: { properties: { ip } } } };
  const index = await corner.index('-networks', {
    mappings: {
      properties: { '@timestamp': { type: 'date' }, source: side, destination: side, client: side, server: side },
    },
  });
  await corner.put(index, {
    mining: { '@timestamp': daysAgo(DAY), server: { nat: { ip: '37.7.7.7' } } },
    benign: { '@timestamp': daysAgo(DAY), server: { nat: { ip: '38.7.7.7' } } },
  });
  const networks = Array.from({ length: 3500 }, (_, i) => `37.${i >> 8}.${i & 255}.0/24`);
  const tables = tablesOf({ address: networks });
  expect((await found(tables, index, 'auto')).matched).toEqual(['mining']);
});
