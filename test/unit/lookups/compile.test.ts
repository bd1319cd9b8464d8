import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/lookups/compile.ts';
import { indicatorsOf, lookupOf, type Row, TODAY } from '../../support/tables.ts';

const digestOf = (rows: readonly Row[], header: object = {}, today = TODAY) =>
  compile([lookupOf('domain', rows, header)], today).digest;

describe('the digest', () => {
  const one = lookupOf('domain', ['minexmr.com'], { name: 'one' });
  const two = lookupOf('address', ['51.15.58.224'], { name: 'two' });

  test('does not change with the order of the files', () => {
    expect(compile([two, one], TODAY).digest).toBe(compile([one, two], TODAY).digest);
    expect(compile([one, two], TODAY).digest).toMatch(/^[0-9a-f]{32}$/);
  });

  test('does not change with the spelling of a row, its place in the file, or texts about the file', () => {
    const digest = digestOf(['minexmr.com']);
    expect(digestOf(['MineXMR.com.'])).toBe(digest);
    expect(digestOf(['minexmr.com'], { description: 'another', updated: '2026-01-01' })).toBe(digest);
  });

  test('changes with every part of an indicator', () => {
    const value = 'minexmr.com';
    const digests = [
      digestOf([value]),
      digestOf(['minexmr.org']),
      digestOf([value, 'minexmr.org']),
      digestOf([]),
      digestOf([{ value, confidence: 'high' }]),
      digestOf([{ value, category: 'pool' }]),
      digestOf([{ value, note: 'seen' }]),
      digestOf([{ value, provider: 'them' }]),
      digestOf([{ value, expires: '2027-01-01' }]),
      digestOf([value], { name: 'renamed' }),
      digestOf([value], { reference: 'https://example.org/other' }),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('changes when an indicator expires, and not from day to day', () => {
    const rows: Row[] = ['minexmr.com', { value: 'old.org', expires: '2026-11-24' }];
    expect(digestOf(rows, {}, '2026-11-23')).toBe(digestOf(rows, {}, '2026-11-24'));
    expect(digestOf(rows, {}, '2026-11-25')).toBe(digestOf(['minexmr.com']));
    expect(digestOf(rows, {}, '2026-11-25')).not.toBe(digestOf(rows, {}, '2026-11-24'));
  });
});

describe('an indicator counts up to the end of its day, UTC', () => {
  test.each([
    ['2026-11-24', '2026-11-24', true],
    ['2026-11-24', '2026-11-25', false],
    ['2026-11-24T00:00:00Z', '2026-11-24', true],
    ['2026-11-24T23:00:00-05:00', '2026-11-25', true],
    ['2026-11-25T01:00:00+05:00', '2026-11-25', false],
  ])('expires %s, today %s: %p', (expires, today, counts) => {
    const { byKind } = compile([lookupOf('domain', [{ value: 'minexmr.com', expires }])], today);
    expect(byKind.domain.find('pool.minexmr.com')).toHaveLength(counts ? 1 : 0);
  });
});

test('a row is of the kind its type and port say', () => {
  const address = lookupOf('address', ['51.15.58.224', { value: '51.15.58.224', port: 3333 }]);
  const tables = compile([address, lookupOf('port', [3333]), lookupOf('domain', ['minexmr.com'])], TODAY);
  expect(indicatorsOf(tables).map(({ kind }) => kind)).toEqual(['port', 'domain', 'address', 'socket']);
  expect(tables.byKind.socket.find('51.15.58.224:3333')).toHaveLength(1);
  expect(tables.byKind.address.find('51.15.58.224')).toHaveLength(1);
  expect(tables.lookups.map(({ name }) => name)).toEqual(['test-address', 'test-domain', 'test-port']);
});

test('an address finds the row of its own and every network it lies in', () => {
  const rows = ['94.130.12.0/24', '94.130.12.7', '94.130.0.0/16', '94.0.0.0/8', '95.0.0.0/8', '94.130.12.7/32'];
  const { byKind } = compile([lookupOf('address', rows)], TODAY);
  const found = byKind.address.find('94.130.12.7').map(({ value }) => value);
  expect(found.sort()).toEqual(['94.0.0.0/8', '94.130.0.0/16', '94.130.12.0/24', '94.130.12.7', '94.130.12.7/32']);
});

test('two lookups that list one name both tell of it', () => {
  const { byKind } = compile(
    [lookupOf('domain', ['minexmr.com'], { name: 'b' }), lookupOf('domain', ['minexmr.com'], { name: 'a' })],
    TODAY,
  );
  expect(byKind.domain.find('minexmr.com').map(({ lookup }) => lookup)).toEqual(['a', 'b']);
});

test('what has no place in a table is found by no question', () => {
  const { byKind } = compile([lookupOf('domain', ['minexmr.com'])], TODAY);
  for (const text of ['', '.', ':', 'constructor', '__proto__', 'toString.minexmr', '[', '\ud800']) {
    for (const table of Object.values(byKind)) expect(table.find(text)).toEqual([]);
  }
});
