import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseName, suffixes } from '../../../src/lookups/name.ts';
import { lookupOf, tablesOf } from '../../support/tables.ts';

/** Few labels of few letters, so that names often end alike. */
const label = fc.oneof(
  fc.constantFrom('a', 'b', 'aa', 'ba', 'a-b', '_a', 'xn--tda', '3', '0a'),
  fc.stringMatching(/^[a-z0-9_-]{1,12}$/),
);
const top = fc.constantFrom('com', 'a', 'b', 'xn--p1ai');
const name = fc.array(label, { maxLength: 5 }).chain((labels) => top.map((last) => [...labels, last].join('.')));

/** Independent of the code under test: labels compared one by one from the right. */
function oracle(listed: string, seen: string): boolean {
  const wanted = listed.split('.').toReversed();
  const labels = seen.split('.').toReversed();
  return wanted.every((part, i) => labels[i] === part);
}

describe('a domain', () => {
  test('matches if and only if its labels are the last labels of the name', () => {
    let matched = 0;
    const listed = fc.array(name, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(listed, name, fc.option(fc.nat(11), { nil: undefined }), (names, prefix, at) => {
        // Every other name lies under a listed one, or ends alike without a dot between.
        const seen = at === undefined ? prefix : `${prefix}${at % 2 === 0 ? '.' : ''}${names[at % names.length]}`;
        const values = [...new Set(names)].filter((one) => one.includes('.'));
        const found = tablesOf({ domain: values }).byKind.domain.find(seen);
        const expected = values.filter((one) => oracle(one, seen));
        matched += expected.length > 0 ? 1 : 0;
        expect(found.map(({ value }) => value).sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
    expect(matched).toBeGreaterThan(50);
  });

  test('gives the nearest first', () => {
    const table = tablesOf({ domain: ['minexmr.com', 'eu.pool.minexmr.com', 'pool.minexmr.com'] }).byKind.domain;
    expect(table.find('x.eu.pool.minexmr.com').map(({ value }) => value)).toEqual([
      'eu.pool.minexmr.com',
      'pool.minexmr.com',
      'minexmr.com',
    ]);
  });

  test.each([
    'notminexmr.com',
    'minexmr.com.evil.org',
    'minexmr.comm',
    'minexmr.co',
    'com',
    'minexmr',
    '_minexmr.com',
    'pool-minexmr.com',
  ])('minexmr.com does not match %s', (seen) => {
    expect(tablesOf({ domain: ['minexmr.com'] }).byKind.domain.find(seen)).toEqual([]);
  });

  test('is the same in U-labels and in A-labels', () => {
    const [unicode] = lookupOf('domain', ['пул.рф']).indicators;
    const [ascii] = lookupOf('domain', ['xn--k1ahm.xn--p1ai'.toUpperCase()]).indicators;
    expect(unicode?.value).toBe('xn--k1ahm.xn--p1ai');
    expect(ascii?.value).toBe(unicode?.value);
    const { byKind } = tablesOf({ domain: ['пул.рф'] });
    expect(byKind.domain.find(parseName('Stratum.ПУЛ.рф.') ?? '')).toHaveLength(1);
  });
});

describe('parseName', () => {
  test.each([
    ['pool.MineXMR.com.', 'pool.minexmr.com'],
    ['minexmr.com', 'minexmr.com'],
    ['localhost', 'localhost'],
    ['_stratum._tcp.minexmr.com', '_stratum._tcp.minexmr.com'],
    ['DESKTOP_1', 'desktop_1'],
    ['xn--TDA.com', 'xn--tda.com'],
    ['ü.com', 'xn--tda.com'],
    ['Ü.COM.', 'xn--tda.com'],
    ['ｍinexmr.com', 'minexmr.com'],
    ['minexmr。com', 'minexmr.com'],
    ['minexmr.com。', 'minexmr.com'],
    ['1.2.3.4.minexmr.com', '1.2.3.4.minexmr.com'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
    [`${'a.'.repeat(125)}com`, `${'a.'.repeat(125)}com`],
  ])('%j is %s', (text, normal) => {
    expect(parseName(text)).toBe(normal);
  });

  test.each([
    ['empty', ''],
    ['root', '.'],
    ['two trailing dots', 'minexmr.com..'],
    ['empty label', 'pool..minexmr.com'],
    ['leading dot', '.minexmr.com'],
    ['wildcard', '*.minexmr.com'],
    ['space', 'minexmr.com '],
    ['line end', 'minexmr.com\n'],
    ['port', 'minexmr.com:3333'],
    ['path', 'minexmr.com/x'],
    ['IPv4', '51.15.58.224'],
    ['IPv4 in full-width digits', '１.２.３.４'],
    ['IPv6', '2001:db8::1'],
    ['last label of digits', 'minexmr.123'],
    ['label of 64', `${'a'.repeat(64)}.com`],
    ['name of 254', `${'a.'.repeat(125)}comm`],
    ['lone surrogate', '\ud800.com'],
    ['path after U-labels', 'ü.com/x'],
    ['backslash after U-labels', 'ü.com\\x'],
    ['line end between U-labels', 'ü\n.com'],
    ['percent sign in U-labels', 'ü%41.com'],
    ['question after U-labels', 'ü.com?x'],
    ['port after U-labels', 'ü.com:80'],
    ['user before U-labels', 'a@ü.com'],
    ['overlong U-label', `${'ü'.repeat(64)}.com`],
  ])('%s is no name: %j', (_why, text) => {
    expect(parseName(text)).toBeUndefined();
  });

  test('gives lower-case ASCII labels and reads its own result as it is', () => {
    let names = 0;
    const text = fc.oneof(
      name,
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.tuple(fc.string({ unit: 'grapheme' }), name).map((some) => some.join('.')),
    );
    fc.assert(
      fc.property(text, (one) => {
        const normal = parseName(one);
        if (normal === undefined) return;
        names += 1;
        expect(normal).toMatch(/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/);
        expect(parseName(normal)).toBe(normal);
        expect(parseName(`${normal.toUpperCase()}.`)).toBe(normal);
      }),
      { numRuns: 500 },
    );
    expect(names).toBeGreaterThan(50);
  });

  test('a name has as many suffixes as labels', () => {
    expect([...suffixes('pool.minexmr.com')]).toEqual(['pool.minexmr.com', 'minexmr.com', 'com']);
    expect([...suffixes('localhost')]).toEqual(['localhost']);
  });
});
