import { describe, expect, test } from '@jest/globals';
import { addedSince, isEmpty } from '../../../src/lookups/added.ts';
import { compile, type Tables } from '../../../src/lookups/compile.ts';
import { indicatorsOf, lookupOf, type Row, TODAY } from '../../support/tables.ts';

const tablesOf = (rows: readonly Row[], name = 'domains'): Tables =>
  compile([lookupOf('domain', rows, { name })], TODAY);
const added = (before: readonly Row[], after: readonly Row[]): string[] =>
  addedSince(tablesOf(before), tablesOf(after), TODAY).lookups.flatMap(({ indicators }) =>
    indicators.map(({ value }) => value),
  );

describe('what was added', () => {
  const value = 'minexmr.com';

  test('is what was not there, whatever went', () => {
    expect(added([value, 'gone.org'], [value, 'new.org'])).toEqual(['new.org']);
    const { byKind } = addedSince(tablesOf([value]), tablesOf([value, 'new.org']), TODAY);
    expect(byKind.domain.find('pool.new.org')).toHaveLength(1);
    expect(byKind.domain.find(value)).toEqual([]);
  });

  test('is nothing where words and sightings alone changed', () => {
    const words = { note: 'seen', provider: 'them', reference: 'https://example.org/x', last_seen: '2026-11-20' };
    expect(added([value], [{ value, ...words }])).toEqual([]);
    const nothing = addedSince(tablesOf([value]), tablesOf([{ value, ...words }]), TODAY);
    expect(isEmpty(nothing)).toBe(true);
  });

  test.each([{ confidence: 'high' as const }, { category: 'pool' }, { expires: '2027-01-01' }])(
    'is what counts otherwise now: %j',
    (change) => {
      expect(added([value], [{ value, ...change }])).toEqual([value]);
    },
  );

  test('is told by lookup', () => {
    const moved = addedSince(tablesOf([value]), tablesOf([value], 'renamed'), TODAY);
    expect(isEmpty(moved)).toBe(false);
  });

  test('has no indicator that expired', () => {
    const tables = addedSince(tablesOf([]), tablesOf([{ value, expires: '2026-11-01' }]), TODAY);
    expect(indicatorsOf(tables)).toEqual([]);
  });
});
