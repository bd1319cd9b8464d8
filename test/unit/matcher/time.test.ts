import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { EventDocument } from '../../../src/model/event.ts';
import { DAY_MS, dayOf, isoTime, parseTime } from '../../../src/model/time.ts';
import { matcherOf } from '../../support/tables.ts';

const NOON = '2026-11-24T12:00:00.000Z';
const LATER = '2026-11-24T13:00:00.000Z';
const timeOf = (event: EventDocument, by = matcherOf()) => {
  const evidence = by.match({ destination: { port: 3333 }, ...event });
  expect(evidence).toBeDefined();
  return evidence?.time === undefined ? undefined : isoTime(evidence.time);
};

describe('the time of an event', () => {
  test.each<[string, EventDocument, string | undefined]>([
    ['its timestamp', { '@timestamp': NOON }, NOON],
    ['the earliest of many', { '@timestamp': [LATER, NOON, LATER] }, NOON],
    ['earliest by time, not by text', { '@timestamp': ['2026-11-24T12:30:00Z', '2026-11-24T14:00:00+02:00'] }, NOON],
    [
      'its timestamp though others are earlier',
      { '@timestamp': LATER, event: { created: NOON, ingested: NOON } },
      LATER,
    ],
    ['event.created without one', { event: { created: [LATER, NOON], ingested: '2026-11-24T11:00:00Z' } }, NOON],
    ['event.ingested without both', { event: { ingested: NOON } }, NOON],
    ['event.created where the timestamp is none', { '@timestamp': '2026-02-30', event: { created: NOON } }, NOON],
    ['the readable one of many', { '@timestamp': ['yesterday', null, NOON] }, NOON],
    ['none', { event: { start: NOON } }, undefined],
    ['none, of rubbish', { '@timestamp': [true, '', '2026-02-30', {}] }, undefined],
  ])('is %s', (_what, event, expected) => {
    expect(timeOf(event)).toBe(expected);
  });

  test('is read from the timestamp field of the source', () => {
    const own = matcherOf(undefined, { timestamp: 'log.time' });
    expect(timeOf({ '@timestamp': NOON, log: { time: LATER } }, own)).toBe(LATER);
    expect(timeOf({ '@timestamp': NOON, 'log.time': LATER }, own)).toBe(LATER);
    expect(timeOf({ '@timestamp': NOON }, own)).toBeUndefined();
  });

  test('is what the reader of the event says, where it knows better', () => {
    const event = { destination: { port: 3333 }, '@timestamp': NOON };
    expect(matcherOf().match(event, Date.parse(LATER))?.time).toBe(Date.parse(LATER));
  });
});

describe('parseTime', () => {
  test.each<[unknown, string]>([
    ['2026-11-24T12:00:00Z', NOON],
    ['2026-11-24T12:00:00', NOON],
    ['2026-11-24T12:00', NOON],
    ['2026-11-24T12', NOON],
    ['2026-11-24', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24T14:00:00+02:00', NOON],
    ['2026-11-24T14:00:00+0200', NOON],
    ['2026-11-24T14:00:00+02', NOON],
    ['2026-11-24T07:30:00-04:30', NOON],
    ['2026-11-24T00:30:00+01:00', '2026-11-23T23:30:00.000Z'],
    ['2026-11-24T12:00:00.5Z', '2026-11-24T12:00:00.500Z'],
    ['2026-11-24T12:00:00,123Z', '2026-11-24T12:00:00.123Z'],
    ['2026-11-24T12:00:00.123456789Z', '2026-11-24T12:00:00.123Z'],
    ['2026-11-24T12:00:00.9999Z', '2026-11-24T12:00:00.999Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    [Date.parse(NOON), NOON],
    [String(Date.parse(NOON)), NOON],
    [0, '1970-01-01T00:00:00.000Z'],
    // Seconds are read as milliseconds, as Elasticsearch reads them: the event is undated.
    [1_795_521_600, '1970-01-21T18:45:21.600Z'],
  ])('%j is %s', (value, iso) => {
    const time = parseTime(value);
    expect(time === undefined ? undefined : isoTime(time)).toBe(iso);
  });

  test.each<unknown>([
    '2026-02-30',
    '2025-02-29',
    '2026-04-31T00:00:00Z',
    '2026-01-00',
    '2026-11-24T24:00:00Z',
    '2026-11-24T12:60:00Z',
    '2026-11-24T12:00:60Z',
    '2026-11-24 12:00:00',
    '2026-11-24T12:00:00 Z',
    '24.11.2026',
    'Nov 24 2026',
    '2026-11-24T12:00:00Zulu',
    `2026-11-24T12:00:00.${'1'.repeat(40)}Z`,
    'now',
    '',
    true,
    null,
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    ['2026-11-24'],
  ])('%j is no time', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  // Read as another time so far.
  test.each(['2026-13-05', '2026-00-05', '2026-11-24T12:00:00+99:99', '2026-11-24T12:00:00+05:61'])(
    '%s is no time',
    (value) => expect(parseTime(value)).toBeUndefined(),
  );

  test('takes a year before 100 for what it says', () => {
    expect(isoTime(parseTime('0050-01-01') ?? 0).slice(0, 10)).toBe('0050-01-01');
  });

  test('reads back every time as it is written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(date.toISOString())).toBe(date.getTime());
          expect(parseTime(date.toISOString().replace('Z', ''))).toBe(date.getTime());
        },
      ),
    );
  });
});

describe('dayOf', () => {
  const now = Date.parse(NOON);
  const lifetime = { now, retention: 90 * DAY_MS };

  test.each<[string, number | undefined, string]>([
    ['now', now, '2026-11-24'],
    ['the last millisecond of a day', Date.parse('2026-11-23T23:59:59.999Z'), '2026-11-23'],
    ['the first of the next', Date.parse('2026-11-24T00:00:00.000Z'), '2026-11-24'],
    ['as old as the retention', now - 90 * DAY_MS, '2026-08-26'],
    ['older', now - 90 * DAY_MS - 1, 'unknown'],
    ['a day ahead', now + DAY_MS, '2026-11-25'],
    ['further ahead', now + DAY_MS + 1, 'unknown'],
    ['missing', undefined, 'unknown'],
    ['beyond every calendar', 1e300, 'unknown'],
    ['before every calendar', -1e300, 'unknown'],
  ])('%s: %#', (_what, time, day) => {
    expect(dayOf(time, lifetime)).toBe(day);
  });
});
