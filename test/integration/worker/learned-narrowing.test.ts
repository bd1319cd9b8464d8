import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LearnedTable } from '../../../src/lookups/learned.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { ReadOptions } from '../../../src/sources/source.ts';
import { randomEvent, randomMapping } from '../../support/mappings.ts';
import { createRandom } from '../../support/sample/prng.ts';
import { type RowsByKind, tablesOf } from '../../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const ROUNDS = Number(process.env['NARROWING_ROUNDS'] ?? 6);
const EVENTS = 100;
const DAY = 42;
const RANGE = { from: Date.parse(daysAgo(DAY + 1)), to: Date.parse(daysAgo(DAY - 1)) };

/** Whoever speaks with one of these had asked for it. */
const ADDRESSES = ['94.130.13.1', '2001:db8::1', '51.15.58.224'];
const LEARNED: LearnedTable = {
  addresses: new Set(ADDRESSES),
  find: ({ address, time }) => ({
    address,
    name: 'eu.minexmr.com',
    from: time,
    until: time,
    indicator: { value: 'minexmr.com', confidence: 'high', provider: 'x', licence: 'x', reference: 'x', lookup: 'x' },
    event: 'dns/1',
    shared: false,
  }),
};

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

/** Ids of the candidates, and of those that match by a learned address. */
async function found(index: string, rows: RowsByKind, options: ReadOptions) {
  const tables = tablesOf(rows);
  const { client, name } = corner;
  const source = await openElasticsearchSource({
    client,
    name,
    index: [index],
    policy: DEFAULT_POLICY,
    tables,
    smallWindow: 0,
  });
  const matcher = createMatcher(tables, DEFAULT_POLICY, LEARNED);
  const candidates: string[] = [];
  const recalled: string[] = [];
  for await (const page of source.read({ by: 'timestamp', range: RANGE }, { ...options, learned: LEARNED })) {
    for (const { event, time, place } of page) {
      candidates.push(place.id);
      const matches = matcher.match(event, time)?.matches ?? [];
      if (matches.some(({ answerTo }) => answerTo !== undefined)) recalled.push(place.id);
    }
  }
  return { candidates, recalled: recalled.toSorted() };
}

test('whatever the mappings, no event that speaks with a learned address is left out', async () => {
  const sum = { events: 0, candidates: 0, recalled: 0, narrowed: 0 };
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const random = createRandom(seed);
    const index = await corner.index(`-learned-${seed}`, randomMapping(random));
    const texts = Array.from({ length: EVENTS }, () => randomEvent(random, daysAgo(DAY)));
    const operations = texts.flatMap((text, i) => [JSON.stringify({ create: { _id: `${seed}-${i}` } }), text]);
    await corner.client.bulk({ index, operations, refresh: true });
    const rows = { port: [3333] };
    const full = await found(index, rows, { plan: 'full' });
    const auto = await found(index, rows, { plan: 'auto' });
    const only = await found(index, rows, { plan: 'auto', learnedOnly: true });
    expect({ seed, ids: auto.recalled }).toEqual({ seed, ids: full.recalled });
    expect({ seed, ids: only.recalled }).toEqual({ seed, ids: full.recalled });
    sum.events += full.candidates.length;
    sum.recalled += full.recalled.length;
    sum.candidates += only.candidates.length;
    sum.narrowed += only.candidates.length < full.candidates.length ? 1 : 0;
    await corner.client.indices.delete({ index });
  }
  // Not vacuous: events were left out, others matched.
  expect(sum.recalled).toBeGreaterThan(ROUNDS);
  expect(sum.candidates).toBeLessThan(sum.events);
  expect(sum.narrowed).toBeGreaterThan(ROUNDS / 2);
});
