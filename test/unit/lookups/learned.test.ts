import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createLearning, NOTHING_LEARNED } from '../../../src/lookups/learned.ts';
import type { LearnedLesson } from '../../../src/model/learned.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const INDICATOR = {
  value: 'minexmr.com',
  confidence: 'high',
  provider: 'us',
  licence: 'Apache-2.0',
  reference: 'https://example.org/',
  lookup: 'pools',
} as const;

function lesson(changes: Partial<LearnedLesson> = {}): LearnedLesson {
  return {
    scope: 'default',
    name: 'eu.minexmr.com',
    askers: ['10.1.2.3'],
    addresses: ['203.0.113.9'],
    from: NOON,
    until: NOON + HOUR,
    indicator: INDICATOR,
    event: 'logs-dns/1',
    ...changes,
  };
}

function tableOf(lessons: readonly LearnedLesson[], most?: number) {
  const learning = createLearning(most);
  for (const one of lessons) learning.add(one);
  return learning.table();
}

const QUESTION = { scope: 'default', askers: ['10.1.2.3'], address: '203.0.113.9', time: NOON + MINUTE };

describe('a learned address is found', () => {
  const table = tableOf([lesson({ askers: ['10.1.2.3', 'ws1'], addresses: ['203.0.113.9', '2001:db8::9'] })]);

  test.each([
    ['for who asked', {}],
    ['for the host that asked', { askers: ['10.9.9.9', 'ws1'] }],
    ['of IPv6', { address: '2001:db8::9' }],
    ['at the end of its time', { time: NOON + HOUR }],
    ['a minute before the answer, as clocks differ', { time: NOON - MINUTE }],
  ])('%s', (_what, change) => {
    expect(table.find({ ...QUESTION, ...change })).toMatchObject({ name: 'eu.minexmr.com', event: 'logs-dns/1' });
  });

  test.each([
    ['for another client', { askers: ['10.1.2.4'] }],
    ['for nobody', { askers: [] }],
    ['in another scope', { scope: 'berlin' }],
    ['of another address', { address: '203.0.113.90' }],
    ['after its time', { time: NOON + HOUR + 1 }],
    ['more than a minute before the answer', { time: NOON - MINUTE - 1 }],
  ])('but not %s', (_what, change) => {
    expect(table.find({ ...QUESTION, ...change })).toBeUndefined();
  });

  test('and where nothing was learned, none is', () => {
    expect(NOTHING_LEARNED.find(QUESTION)).toBeUndefined();
    expect(NOTHING_LEARNED.addresses.size).toBe(0);
  });
});

describe('of several answers', () => {
  test('one of high confidence is told before a later one of low', () => {
    const low = { ...INDICATOR, confidence: 'low', value: 'doubtful.org' } as const;
    const table = tableOf([lesson(), lesson({ from: NOON + 1, event: 'logs-dns/2', indicator: low })]);
    expect(table.find(QUESTION)).toMatchObject({ event: 'logs-dns/1' });
    expect(table.find({ ...QUESTION, time: NOON + HOUR + 1 })).toBeUndefined();
  });

  test('the latest is told', () => {
    const later = lesson({ from: NOON + 2 * HOUR, until: NOON + 3 * HOUR, event: 'logs-dns/2' });
    const table = tableOf([later, lesson({ until: NOON + 24 * HOUR })]);
    expect(table.find({ ...QUESTION, time: NOON + 2.5 * HOUR })).toMatchObject({ event: 'logs-dns/2' });
    expect(table.find({ ...QUESTION, time: NOON + 23 * HOUR })).toMatchObject({ event: 'logs-dns/1' });
  });

  test('those of one hour are told by the first, and last as long as the last', () => {
    const every = Array.from({ length: 60 }, (_, i) =>
      lesson({ from: NOON + i * MINUTE, until: NOON + i * MINUTE + HOUR, event: `logs-dns/${i}` }),
    );
    const table = tableOf(every, 1);
    expect(table.find({ ...QUESTION, time: NOON + 59 * MINUTE + HOUR })).toMatchObject({ event: 'logs-dns/0' });
  });
});

test('an address that many sites share is marked so, whatever the name', () => {
  const table = tableOf([lesson({ addresses: ['104.16.1.1', '203.0.113.9'] })]);
  expect(table.find({ ...QUESTION, address: '104.16.1.1' })?.shared).toBe(true);
  expect(table.find(QUESTION)?.shared).toBe(false);
});

const lessons = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 300 }),
    lasts: fc.integer({ min: 60, max: 1440 }),
    asker: fc.constantFrom('10.1.2.3', '10.1.2.4', 'ws1'),
    address: fc.constantFrom('203.0.113.9', '203.0.113.10', '104.16.1.1'),
    confidence: fc.constantFrom('high', 'medium', 'low'),
    event: fc.nat(99),
  }),
  { maxLength: 40 },
);
type Drawn = typeof lessons extends fc.Arbitrary<(infer T)[]> ? T : never;

function drawn({ minute, lasts, asker, address, confidence, event }: Drawn): LearnedLesson {
  const from = NOON + minute * MINUTE;
  const indicator = { ...INDICATOR, confidence };
  const until = from + lasts * MINUTE;
  return lesson({ askers: [asker], addresses: [address], from, until, indicator, event: `logs-dns/${event}` });
}

describe('whatever the lessons', () => {
  const questions = fc.record({
    askers: fc.constantFrom(['10.1.2.3'], ['10.1.2.4', 'ws1']),
    address: fc.constantFrom('203.0.113.9', '203.0.113.10', '104.16.1.1'),
    time: fc.integer({ min: -10, max: 2000 }).map((minute) => NOON + minute * MINUTE),
  });

  test('their order changes nothing, also where more are to be held than may be', () => {
    const most = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(lessons, lessons, questions, most, (some, others, question, held) => {
        const one = tableOf([...some, ...others].map(drawn), held);
        const other = tableOf([...others, ...some].map(drawn), held);
        expect(other.addresses).toEqual(one.addresses);
        expect(other.find({ ...QUESTION, ...question })).toEqual(one.find({ ...QUESTION, ...question }));
      }),
    );
  });

  test('an address is found exactly where one of them covers it', () => {
    let found = 0;
    fc.assert(
      fc.property(lessons, questions, (some, { askers, address, time }) => {
        const covered = some
          .map(drawn)
          .some(
            (one) =>
              askers.some((asker) => one.askers.includes(asker)) &&
              one.addresses.includes(address) &&
              one.from - MINUTE <= time &&
              time <= one.until,
          );
        const is = tableOf(some.map(drawn)).find({ ...QUESTION, askers, address, time }) !== undefined;
        found += is ? 1 : 0;
        expect(is).toBe(covered);
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

test('the oldest are let go, and the number held is bounded', () => {
  const hourly = Array.from({ length: 10 }, (_, i) =>
    lesson({ from: NOON + i * HOUR, until: NOON + (i + 1) * HOUR, addresses: [`203.0.113.${i}`] }),
  );
  const { addresses } = tableOf(hourly.toReversed(), 3);
  expect([...addresses].toSorted()).toEqual(['203.0.113.7', '203.0.113.8', '203.0.113.9']);
});
