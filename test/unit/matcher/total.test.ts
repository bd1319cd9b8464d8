import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CATALOGUE, CONTEXT_FIELDS } from '../../../src/matcher/catalogue.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

const matcher = matcherOf(undefined, { shared_hosts: ['10.0.0.53', 'JUMP1'] });
const hostile = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', '.', '..', 'a.', '\ud800'];
const fields = [
  ...CATALOGUE.map(({ field }) => field),
  ...Object.values(CONTEXT_FIELDS),
  '@timestamp',
  'source.address',
];
const key = fc.oneof(
  fc.constantFrom(...fields),
  fc.constantFrom(...fields.flatMap((field) => field.split('.'))),
  fc.constantFrom(...hostile, ...hostile.map((one) => `source.${one}`)),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    3333,
    '3333',
    'pool.minexmr.com',
    '51.15.58.224',
    '::ffff:51.15.58.224',
    '37.59.43.131',
    14_444,
  ),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    -0,
    1e308,
    2 ** 53,
    -1,
    0.1,
    '',
    '\ud800',
    '2026-02-30',
    'denied',
    'netflow',
  ),
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 6, depthIdentifier: 'json' },
    leaf,
    fc.array(tie('json'), { maxLength: 4, depthIdentifier: 'json' }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 8, depthIdentifier: 'json' }).map(objectOf),
  ),
}));

/** Most of it in fields that are read. */
const likely = fc
  .array(fc.tuple(fc.constantFrom(...fields), fc.oneof(leaf, fc.array(leaf))), { maxLength: 20 })
  .map(objectOf);

/** Own properties only, also for `__proto__`, as JSON.parse makes them. */
function objectOf(entries: readonly (readonly [string, unknown])[]): unknown {
  return JSON.parse(`{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}`);
}

function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

function nest(depth: number, wrap: (inner: unknown) => unknown, innermost: unknown): EventDocument {
  let value = innermost;
  for (let i = 0; i < depth; i += 1) value = wrap(value);
  return value as EventDocument;
}

describe('match is total and pure', () => {
  test('any JSON gives evidence or none, twice the same, and changes neither the event nor a prototype', () => {
    let matched = 0;
    const before = Object.getOwnPropertyNames(Object.prototype).sort();
    fc.assert(
      fc.property(fc.oneof(json, likely, fc.jsonValue()), (value) => {
        // In sloppy code a write to a frozen object passes silently; the text tells.
        const text = JSON.stringify(value);
        const event = frozen(value) as EventDocument;
        const evidence = matcher.match(event);
        matched += evidence === undefined ? 0 : 1;
        expect(matcher.match(event)).toEqual(evidence);
        expect(JSON.stringify(value)).toBe(text);
        if (evidence === undefined) return;
        expect(evidence.matches.length).toBeGreaterThan(0);
        expect(Number.isInteger(evidence.score) && evidence.score >= 0 && evidence.score <= 98).toBe(true);
        expect(evidence.entity.name).not.toBe('');
        expect(evidence.digest).toMatch(/^[0-9a-f]{32}$/);
      }),
      { numRuns: 1500 },
    );
    expect(matched).toBeGreaterThan(100);
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(before);
    expect(({} as Record<string, unknown>)['ip']).toBeUndefined();
  });

  test('what is no object gives none', () => {
    const values: readonly unknown[] = [null, undefined, 3333, 'minexmr.com', true, [], [[]], {}];
    for (const value of values) {
      expect(matcher.match(value as EventDocument)).toBeUndefined();
    }
  });

  test('keys of the prototype are data', () => {
    const event = JSON.parse(
      '{"__proto__":{"destination":{"port":3333}},"constructor":{"prototype":{"x":1}}}',
    ) as EventDocument;
    expect(matcher.match(event)).toBeUndefined();
    expect(
      matcher.match(JSON.parse('{"destination":{"__proto__":{"port":3333},"port":4444}}') as EventDocument)?.matches,
    ).toHaveLength(1);
  });
});

describe('an event of extreme shape', () => {
  test.each([1000, 100_000])('%d levels of objects, of arrays, of dots', (depth) => {
    expect(matcher.match(nest(depth, (inner) => ({ destination: inner }), { port: 3333 }))).toBeUndefined();
    expect(matcher.match({ destination: { port: nest(depth, (inner) => [inner], 3333) } })?.score).toBe(21);
    expect(matcher.match({ [`${'destination.'.repeat(depth)}port`]: 3333 })).toBeUndefined();
  });

  test('arrays of 10,000 in every field', () => {
    for (const value of ['pool.minexmr.com', 'a.example.org', '51.15.58.224', 3333, '2026-11-24T00:00:00Z', 'denied']) {
      const event = Object.fromEntries(fields.map((field) => [field, Array.from({ length: 10_000 }, () => value)]));
      expect(() => matcher.match(event)).not.toThrow();
    }
  });

  test('10,000 different addresses and as many ports at one endpoint', () => {
    const ip = Array.from({ length: 10_000 }, (_, i) => `9.9.${i >> 8}.${i & 255}`);
    const port = Array.from({ length: 10_000 }, (_, i) => i + 1);
    const evidence = matcher.match({ destination: { ip, port } });
    expect(evidence?.matches.map(({ indicator }) => indicator.value)).toEqual([
      '3333',
      '4444',
      '5555',
      '6666',
      '7777',
      '8888',
      '9999',
    ]);
  });

  test('a few addresses and ports at one endpoint pair all with all', () => {
    const event = { destination: { ip: ['9.9.9.9', '37.59.43.131'], port: [80, 14_444] } };
    expect(matcher.match(event)?.matches.map(({ observable }) => observable.value)).toEqual(['37.59.43.131:14444']);
  });

  test('10,000 names beside 10,000 registered domains', () => {
    const name = Array.from({ length: 10_000 }, (_, i) => `a.b${i}.example.org`);
    const registered_domain = Array.from({ length: 10_000 }, (_, i) => `b${i}.example.org`);
    const { observables } = matcher.observe({ dns: { question: { name, registered_domain } } });
    expect(observables).toHaveLength(10_000);
  });

  test('200,000 timestamps', () => {
    const timestamps = Array.from({ length: 200_000 }, (_, i) => 1_700_000_000_000 + i);
    expect(matcher.match({ '@timestamp': timestamps, destination: { port: 3333 } })?.time).toBe(1_700_000_000_000);
  });

  test('ten megabytes of text in every field', () => {
    const value = 'minexmr.com/'.repeat(900_000);
    const event = Object.fromEntries(fields.map((field) => [field, value]));
    expect(() => matcher.match(event)).not.toThrow();
  });
});

describe('the digest of an event', () => {
  const event = {
    '@timestamp': '2026-11-24T05:00:00Z',
    source: { ip: '10.1.2.3' },
    destination: { ip: '9.9.9.9', port: 3333 },
  };
  const digest = matcher.match(event)?.digest;

  test('leaves out our tag and what the matcher does not read', () => {
    const tag = {
      tags: ['T1496'],
      threat: { enrichments: [{ indicator: { ip: '9.9.9.9' } }] },
      minecanary: { score: 21 },
    };
    expect(matcher.match({ ...event, ...tag, message: 'x' })?.digest).toBe(digest);
  });

  test('does not depend on the lookups', () => {
    expect(matcherOf({ port: [{ value: 3333, confidence: 'high' }] }).match(event)?.digest).toBe(digest);
    expect(matcherOf({ address: ['9.9.9.9'] }).match(event)?.digest).toBe(digest);
  });

  test.each<[string, object]>([
    ['an observable', { url: { domain: 'example.org' } }],
    ['the entity', { source: { ip: '10.1.2.4' } }],
    ['the scope', { data_stream: { namespace: 'berlin' } }],
    ['the time', { '@timestamp': '2026-11-24T05:00:01Z' }],
    ['denial', { event: { type: 'denied' } }],
  ])('changes with %s', (_what, change) => {
    expect(matcher.match({ ...event, ...change })?.digest).not.toBe(digest);
  });
});
