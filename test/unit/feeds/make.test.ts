import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../../src/schema/lookup.ts';
import { makeOf, refusalOf } from '../../support/feeds.ts';

describe('what is no list', () => {
  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['<!DOCTYPE html><title>Log in</title>', 'a web page (HTML or XML) came'],
    ['\n <html>', 'a web page (HTML or XML) came'],
    ['minexmr.com\u0000', 'it is no text'],
    [Buffer.from('minexmr.com', 'utf16le'), 'it is no text'],
    [Buffer.from('\uFEFFminexmr.com', 'utf16le'), 'it is no UTF-8 text'],
    [Buffer.from('münchen.de', 'latin1'), 'it is no UTF-8 text'],
    ['# nothing\n', 'it has no row of kind domain'],
  ] as const)('%j is refused', (content, message) => {
    const error = refusalOf(content);
    expect(error.code).toBe('feed_content');
    expect(error.message).toContain(message);
  });

  test.each(['misp', 'stix', 'threatfox'] as const)('%s wants its own JSON, whole', (format) => {
    for (const text of ['{"a": [', 'minexmr.com', '"text"', 'null', '{}', '[]', '{"objects": 1}', '[1, null, "a"]']) {
      expect(refusalOf(text, { format }).code).toBe('feed_content');
    }
  });
});

describe('poisoned rows', () => {
  const good = Array.from({ length: 20 }, (_, i) => `pool${i}.minexmr.com`);

  test.each([
    'com',
    'co.uk',
    'github.io',
    'localhost.',
    'printer.local',
    'javascript:alert(1)',
    '=HYPERLINK("https://example.org")',
    '@SUM(1+1)',
    '-',
    '<script>alert(1)</script>',
    '../../etc/passwd',
    `${'a'.repeat(1_000_000)}.com`,
    'ex ample.com',
    '%00.com',
  ])('%.40s is left out and named', (value) => {
    const made = makeOf([...good, value].join('\n'), {});
    expect(made.rows.map((row) => row.value)).toEqual(good);
    expect(made.bad + made.guarded).toBe(1);
    expect(made.examples).toHaveLength(1);
    expect(made.examples[0]?.length).toBeLessThan(320);
  });

  test.each([
    '10.0.0.1',
    '192.168.0.0/16',
    '127.0.0.1',
    '0.0.0.0/0',
    '224.0.0.1',
    '::1',
    'fe80::1',
    '51.15.58.224:99999',
    '1.2.3',
  ])('the address %s is left out', (value) => {
    const addresses = good.map((_, i) => `51.15.58.${i}`);
    const made = makeOf([...addresses, value].join('\n'), { kind: 'address' });
    expect(made.rows.map((row) => row.value)).toEqual(addresses);
    expect(made.bad + made.guarded).toBe(1);
  });

  test('empty values of CSV are bad, control characters never come through', () => {
    const text = `${good.map((value) => `${value},n\u001b[31mote`).join('\n')}\n,x\n`;
    const made = makeOf(text, { format: 'csv', csv: { column: 1, delimiter: ',', note: 2 } });
    expect(made).toMatchObject({ bad: 1, examples: ['an empty value'] });
    expect(JSON.stringify(made.rows)).not.toContain('\\u001b');
  });

  test('too many of them refuse the feed', () => {
    const error = refusalOf([...good, 'com', 'net', 'org'].join('\n'), { max_bad: 0.1 });
    expect(error.code).toBe('feed_guard');
    expect(error.message).toContain('3 of 23 rows are bad, more than the share of 0.1 (max_bad)');
  });
});

function poolRows(count: number): readonly LookupRow[] {
  return makeOf(poolText(count), {}).rows;
}

function poolText(count: number): string {
  return Array.from({ length: count }, (_, i) => `p${i}.minexmr.com`).join('\n');
}

describe('against the last good version', () => {
  test.each([
    [10, 4, 'it shrank from 10 to 4 rows'],
    [10, 61, 'it grew from 10 to 61 rows'],
  ])('%i rows that become %i are refused', (before, now, message) => {
    const error = refusalOf(poolText(now), {}, poolRows(before));
    expect(error.code).toBe('feed_guard');
    expect(error.message).toContain(message);
  });

  test.each([
    [10, 5],
    [10, 60],
    [0, 100],
  ])('%i rows may become %i', (before, now) => {
    expect(makeOf(poolText(now), {}, poolRows(100).slice(0, before)).rows).toHaveLength(now);
  });
});

function listed(expires: string): LookupRow[] {
  return [{ value: 'minexmr.com', type: 'domain-name', confidence: 'medium', expires }];
}

describe('expiry', () => {
  const DAYS = 86_400_000;

  test('without a sighting counts from today, and is renewed when half of it is over', () => {
    const own = { expires: 10 * DAYS };
    const [fresh] = makeOf('minexmr.com', own).rows;
    expect(fresh?.expires).toBe('2026-12-04');
    expect(makeOf('minexmr.com', own, listed('2026-11-30')).rows[0]?.expires).toBe('2026-11-30');
    expect(makeOf('minexmr.com', own, listed('2026-11-28')).rows[0]?.expires).toBe('2026-12-04');
  });

  test('long after the last sighting leaves the row out', () => {
    const csv = { column: 1, delimiter: ',', last_seen: 2 };
    const text = 'minexmr.com,2026-11-20\nold.minexmr.com,2026-01-01\n';
    const made = makeOf(text, { format: 'csv', csv, expires: 30 * DAYS });
    expect(made.rows.map(({ value, expires }) => [value, expires])).toEqual([['minexmr.com', '2026-12-20']]);
    expect(made.expired).toBe(1);
  });

  test('a value that stands twice is one row, of both sightings', () => {
    const csv = { column: 1, delimiter: ',', first_seen: 2, last_seen: 3 };
    const text = 'minexmr.com,2026-11-10,2026-11-12\nMINEXMR.com.,2026-11-01,2026-11-20\n';
    expect(makeOf(text, { format: 'csv', csv })).toMatchObject({
      rows: [{ value: 'minexmr.com', first_seen: '2026-11-01', last_seen: '2026-11-20' }],
      duplicates: 1,
    });
  });
});
