import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compile, type Tables } from '../../../src/lookups/compile.ts';
import { parseLookup } from '../../../src/lookups/parse.ts';
import { CATALOGUE, CONTEXT_FIELDS } from '../../../src/matcher/catalogue.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import type { Indicator } from '../../../src/model/indicator.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/model/policy.ts';
import { isoTime } from '../../../src/model/time.ts';
import { contractCases, contractLookups, TOPICS } from '../../contract/cases.ts';
import { excepting, explainedBy, OURS } from '../../support/explain.ts';
import { TODAY, tablesOf } from '../../support/tables.ts';

const tables = tablesOf();

const explain = explainedBy(tables);
const capOf = (event: EventDocument) => explain(event).verdict?.capWhy;

const keyOf = (value: string, indicator: Indicator): string => JSON.stringify([value, indicator]);

/** Holds an explanation against what the matcher says of the same event. */
function hold(event: EventDocument, by: Tables, policy: Partial<Policy>): boolean {
  const explanation = explainedBy(by, policy)(event);
  const evidence = createMatcher(by, { ...DEFAULT_POLICY, ...policy }).match(event);
  expect(explanation.matches).toMatchObject(evidence?.matches ?? []);
  expect(explanation.matches).toHaveLength(evidence?.matches.length ?? 0);
  for (const { points, steps } of explanation.matches) {
    expect(steps.reduce((product, { number }) => product * number, 1)).toBe(points);
  }
  const { points, score, severity } = evidence ?? {};
  const { verdict } = explanation;
  expect({ points: verdict?.points, score: verdict?.score, severity: verdict?.severity }).toEqual({
    points,
    score,
    severity,
  });
  const matches = new Set(evidence?.matches.map(({ observable: { value }, indicator }) => keyOf(value, indicator)));
  for (const { reason, value, indicator } of explanation.near_misses) {
    // Of a port that matches elsewhere, a client's port may still be left out.
    if (reason !== 'client-port') expect(indicator !== undefined && matches.has(keyOf(value, indicator))).toBe(false);
  }
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  if (evidence !== undefined) {
    const { entity, scope, direction, denied, dataset, time } = evidence;
    expect(explanation).toMatchObject({ entity: { ...entity, scope }, dataset });
    expect([explanation.direction.is, explanation.denied.is]).toEqual([direction, denied]);
    if (time !== undefined && Math.abs(time) <= 8.64e15) expect(explanation.time.is).toBe(isoTime(time));
  }
  return evidence !== undefined;
}

describe('an explanation says what the matcher decides', () => {
  const lookups = contractLookups().flatMap((text) => parseLookup(text, 'lookups.json').lookup ?? []);
  const contract = compile(lookups, TODAY);

  test.each(TOPICS.map((topic) => [topic] as const))('of the cases of %s', (topic) => {
    for (const { event, policy = {} } of contractCases(topic)) hold(event, contract, policy);
  });

  test('of random events', () => {
    const value = fc.constantFrom<string | number>(
      3333,
      '14444',
      443,
      0,
      70_000,
      'pool.minexmr.com',
      'notminexmr.com',
      'coinhive.com',
      'doubtful.org',
      'http://ads.example/m/x',
      '/lib/miner.js',
      'cdn.example',
      '10.1.2.3',
      '51.15.58.224',
      '37.59.43.131',
      '0.0.0.0',
      '9.9.9.9',
      'XMRIG',
      'xmrig',
      'x -o pool.example gcc -',
      'stratum+tcp://x',
      'XMRig/6',
      'a Cryptomining b',
      '{"id":1,"method":"login","params":{"login":1,"pass":2,"agent":3}}',
      '{"id":1,"method":"login","params":{"login":1}}',
      'denied',
      'udp',
      'netflow',
      '2026-11-24T00:00:00Z',
    );
    const fields = [...CATALOGUE.map(({ field }) => field), ...Object.values(CONTEXT_FIELDS), '@timestamp', 'my.port'];
    const event = fc
      .array(fc.tuple(fc.constantFrom(...fields), fc.oneof(value, fc.array(value, { maxLength: 4 }))), {
        maxLength: 12,
      })
      .map((entries): EventDocument => Object.fromEntries(entries));
    const policy = fc.constantFrom<Partial<Policy>>(
      {},
      { ports: { client: 'ignore' } },
      { shared_hosts: ['10.1.2.3'] },
    );
    const some = fc.constantFrom(tables, excepting({ indicator: 'minexmr.com' }, { indicator: 3333 }));
    let matched = 0;
    fc.assert(
      fc.property(event, some, policy, (one, by, how) => {
        matched += hold(one, by, how) ? 1 : 0;
      }),
      { numRuns: 500 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  test.each<[string, unknown]>([
    ['no object', 3333],
    ['null', null],
    ['an array', [[]]],
    ['nothing', {}],
    ['keys of the prototype', JSON.parse('{"__proto__":{"destination":{"port":3333}}}')],
    ['a time beyond any date', { '@timestamp': 1e300, destination: { port: 3333 } }],
  ])('of %s', (_what, event) => {
    expect(() => explain(event as EventDocument)).not.toThrow();
  });

  test('of depth and breadth without end', () => {
    let deep: unknown = 3333;
    for (let i = 0; i < 100_000; i += 1) deep = i % 2 === 0 ? { port: deep } : [deep];
    expect(explain({ deep }).verdict).toBeUndefined();
    const many = Array.from({ length: 20_000 }, (_, i) => `not${i}minexmr.com`);
    const { near_misses: misses, left_out: leftOut } = explain({ dns: { question: { name: many } } });
    expect([misses.length, leftOut]).toEqual([50, 19_950]);
  });
});

describe('the arithmetic', () => {
  test('of a denied name and a port, step by step', () => {
    const { matches, verdict } = explain({
      source: OURS,
      destination: { ip: '9.9.9.9', port: 3333 },
      url: { domain: 'a.minexmr.com' },
      event: { action: 'Connection-Blocked' },
    });
    expect(matches.map(({ points, steps, why }) => ({ points, why, steps }))).toEqual([
      {
        points: 10.5,
        why: 'it is listed as 3333',
        steps: [
          { number: 21, why: 'port on the server side of traffic that leaves' },
          { number: 0.5, why: 'denied' },
        ],
      },
      {
        points: 47,
        why: 'a.minexmr.com lies under minexmr.com',
        steps: [{ number: 47, why: 'denied domain: something tried' }],
      },
    ]);
    expect(verdict).toMatchObject({
      points: { name: 47, network: 10.5, host: 0, content: 0 },
      cap: 98,
      score: 53,
      severity: 'medium',
    });
    expect(verdict?.fused).toBeCloseTo(52.565);
  });

  test('of an answer to a name that matches, of low confidence, of a client from outside', () => {
    const dns = { question: { name: 'x.minexmr.com' }, answers: [{ data: '37.59.44.1' }] };
    const steps = explain({ source: { ip: '9.9.9.9' }, destination: { ip: '10.1.2.3' }, dns }).matches.map((one) =>
      one.steps.map(({ number, why }) => `${number} ${why}`),
    );
    expect(steps).toEqual([
      ['73 domain', '0.5 an outside client of our server'],
      [
        '47 address',
        '0.5 low confidence',
        '0.5 an outside client of our server',
        '0 the answer to a name that matches: the same evidence',
      ],
    ]);
  });

  test('names the cap that holds', () => {
    expect(capOf({ source: OURS, destination: { port: 3333 } })).toMatch(/^weak evidence alone/);
    expect(capOf({ url: { domain: 'minexmr.com' } })).toMatch(/^neither/);
    expect(capOf({ process: { command_line: 'x stratum+tcp://y' } })).toMatch(/^a mining payload or/);
  });
});

describe('who, which way, when', () => {
  const answers = { question: { name: 'x.example' }, answers: { data: '0.0.0.0' } };
  test.each<[string, EventDocument, Partial<Policy>, object]>([
    [
      'a client of ours',
      { source: OURS, destination: { ip: '9.9.9.9' }, '@timestamp': '2026-11-24T05:00:00Z' },
      {},
      {
        entity: { name: '10.1.2.3', scope: 'default', why: 'the internal client, before NAT' },
        direction: { is: 'outbound', why: 'the client is internal' },
        denied: { is: false, why: 'nothing says so' },
        time: { is: '2026-11-24T05:00:00.000Z', why: '@timestamp' },
      },
    ],
    [
      'behind a proxy',
      { source: OURS, network: { forwarded_ip: '10.9.9.9' }, event: { created: '2026-11-24' } },
      { shared_hosts: ['10.1.2.3'] },
      {
        entity: { name: '10.9.9.9', why: 'network.forwarded_ip, behind 10.1.2.3, one of `shared_hosts`' },
        time: { why: 'event.created' },
      },
    ],
    [
      'a host',
      { winlog: { computer_name: 'WS7' }, event: { type: ['info', 'denied'] } },
      {},
      {
        entity: { name: 'ws7', why: 'winlog.computer_name: the host tells it of itself' },
        direction: { is: 'unknown', why: 'no client is named' },
        denied: { is: true, why: 'event.type says denied' },
        time: { why: 'neither @timestamp nor event.created nor event.ingested gives one' },
      },
    ],
    [
      'nobody',
      { dns: answers },
      {},
      {
        entity: { name: 'unknown:unknown', shared: true, why: 'the event names no host and no side' },
        denied: { is: true, why: 'every answer leads nowhere, such as 0.0.0.0 or 127.0.0.1' },
      },
    ],
  ])('%s', (_what, event, policy, expected) => {
    expect(explainedBy(tables, policy)(event)).toMatchObject(expected);
  });

  test('a time that the index knows comes before that of the text', () => {
    const { time } = explain({ '@timestamp': 'yesterday' }, Date.parse('2026-11-24T05:00:00Z'));
    expect(time).toEqual({
      is: '2026-11-24T05:00:00.000Z',
      why: '@timestamp, else event.created or event.ingested, as they are indexed',
    });
  });
});
