import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LEFT_TO_THE_WORKER } from '../../src/convert/pipeline/pipeline.ts';
import { compile } from '../../src/lookups/compile.ts';
import { parseLookup } from '../../src/lookups/parse.ts';
import { createMatcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import { contractCases, contractLookups, TOPICS } from '../contract/cases.ts';
import { differences, expectedOf, indexed, pipelineOf, simulate, taggedAt } from '../support/ingest.ts';
import { type IngestEngine, startIngestEngine } from '../support/ingest-engine/engine.ts';
import { randomEvents } from '../support/random-events.ts';
import { MINING, TODAY, tablesOf } from '../support/tables.ts';

const SEED = Number(process.env['PIPELINE_SEED'] ?? 1);
const EVENTS = Number(process.env['PIPELINE_EVENTS'] ?? 6000);

let engine: IngestEngine;
beforeAll(async () => {
  engine = await startIngestEngine();
});
afterAll(() => engine.stop());

/** Some that speak of one transport only. */
const ROWS = { ...MINING, port: [{ value: 3333, transport: 'tcp' }, { value: 4444, transport: 'udp' }, 5555] } as const;

async function install(name: string, tables = tablesOf(ROWS), policy: Partial<Policy> = {}) {
  await engine.ask('PUT', `/_ingest/pipeline/${name}`, pipelineOf(tables, policy));
  return createMatcher(tables, { ...DEFAULT_POLICY, ...policy });
}

describe('the cases of the contract', () => {
  const tables = compile(
    contractLookups().flatMap((text) => parseLookup(text, 'lookups.json').lookup ?? []),
    TODAY,
  );
  const cases = TOPICS.flatMap(contractCases);
  const byPolicy = Object.groupBy(cases, ({ policy }) => JSON.stringify(policy ?? {}));

  test.each(Object.entries(byPolicy))('under the policy %s', async (text, some = []) => {
    const matcher = await install('contract', tables, JSON.parse(text) as Policy);
    const events = some.map(({ event }) => JSON.stringify(event));
    const { wrong, left } = differences(events, await simulate(engine, 'contract', events), matcher);
    expect(wrong).toEqual([]);
    expect(left.size).toBeLessThanOrEqual(1);
  });
});

describe('thousands of random events', () => {
  const policies: readonly Partial<Policy>[] = [
    { shared_hosts: ['10.1.2.3', 'jump1'] },
    { ports: { client: 'ignore' }, internal_networks: ['9.0.0.0/8', '2a01:4f8::/33'], scope: 'site-7' },
  ];

  test.each(policies)('as the matcher has them under %j', async (policy) => {
    const matcher = await install('random', tablesOf(ROWS), policy);
    const events = fc.sample(randomEvents, { numRuns: EVENTS / 2, seed: SEED }).map((event) => JSON.stringify(event));
    const { wrong, left, tagged } = differences(events, await simulate(engine, 'random', events), matcher);
    expect(wrong).toEqual([]);
    // Not vacuous: most are tagged, few are left, and those for every reason that an event can give.
    expect(tagged).toBeGreaterThan(events.length / 3);
    expect([...left.values()].reduce((sum, count) => sum + count, 0)).toBeLessThan(events.length / 8);
    const { learned: _, long: __, ...reasons } = LEFT_TO_THE_WORKER;
    expect([...left.keys()].toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  test('indexing gives what simulation gives', async () => {
    const matcher = await install('indexing');
    const events = fc
      .sample(randomEvents, { numRuns: EVENTS / 4, seed: SEED + 1 })
      .map((event) => JSON.stringify(event));
    const { wrong, tagged } = differences(events, await indexed(engine, 'indexing', events), matcher);
    expect(wrong).toEqual([]);
    expect(tagged).toBeGreaterThan(events.length / 3);
  });
});

describe('whatever comes', () => {
  const excepted = { reason: 'known', expires: '2027-01-01' };

  test('what is excepted is not tagged, and does not count beside the rest', async () => {
    const rows = { port: [3333], domain: ['minexmr.com'] };
    const exceptions = [
      { ...excepted, entity: 'PC1' },
      { ...excepted, cidr: '10.7.0.0/16' },
      { ...excepted, indicator: 3333 },
      { ...excepted, entity: '10.8.0.8', expires: '2026-01-01' },
    ];
    const tables = compile(tablesOf(rows).lookups, TODAY, exceptions);
    const matcher = await install('excepted', tables);
    const server = { ip: '9.9.9.9', port: 3333 };
    const named = { dns: { question: { name: 'minexmr.com' } }, destination: server };
    const events = [
      { winlog: { computer_name: 'pc1' }, ...named },
      { source: { ip: '10.7.1.1' }, ...named },
      { source: { ip: '10.8.0.8' }, destination: server },
      { source: { ip: '10.8.0.8' }, ...named },
    ];
    const texts = events.map((event) => JSON.stringify(event));
    const made = await simulate(engine, 'excepted', texts);
    expect(differences(texts, made, matcher)).toMatchObject({ wrong: [], tagged: 1 });
    expect(made.slice(0, 3)).toEqual(events.slice(0, 3));
  });

  test('an event of which the pipeline fails passes, and says why', async () => {
    await install('failing');
    const long = 'stratum '.repeat(200_000);
    const events: EventDocument[] = [
      { url: { full: `http://${long}` }, message: 'x' },
      { url: { full: `http://${long}` }, minecanary: 'a text in the way' },
    ];
    const [first, second] = await indexed(
      engine,
      'failing',
      events.map((event) => JSON.stringify(event)),
    );
    expect(first).toMatchObject({ ...events[0], minecanary: { error: expect.stringMatching(/loop/) } });
    expect(second).toEqual(events[1]);
  });

  test('extreme shapes pass', async () => {
    const matcher = await install('extreme');
    const many = Array.from({ length: 10_000 }, (_, i) => `10.2.${i >> 8}.${i & 255}`);
    const deep = (depth: number, wrap: (inner: unknown) => unknown, innermost: unknown): unknown =>
      depth === 0 ? innermost : wrap(deep(depth - 1, wrap, innermost));
    const events: EventDocument[] = [
      { destination: { ip: many, port: [3333, 443] } },
      { destination: { port: deep(150, (inner) => [inner], 3333) } },
      { destination: deep(150, (inner) => ({ destination: inner }), { port: 3333 }) },
      { [`${'destination.'.repeat(500)}port`]: 3333, destination: { port: 4444 } },
    ];
    const texts = events.map((event) => JSON.stringify(event));
    const made = await simulate(engine, 'extreme', texts);
    expect(differences(texts, made, matcher)).toMatchObject({ wrong: [], tagged: 3 });
  });

  test('a second passage changes nothing', async () => {
    const matcher = await install('twice');
    const events = fc.sample(randomEvents, { numRuns: 300, seed: SEED }).map((event) => JSON.stringify(event));
    const once = await simulate(engine, 'twice', events);
    const twice = await simulate(
      engine,
      'twice',
      once.map((event) => JSON.stringify(event)),
    );
    expect(twice).toEqual(once);
    expect(
      once.some((event) => matcher.match(event) !== undefined && expectedOf(event, matcher, taggedAt(event)) === event),
    ).toBe(true);
  });
});
