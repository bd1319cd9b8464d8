import { describe, expect, test } from '@jest/globals';
import { compileExceptions, parseExceptions } from '../../../src/lookups/exceptions.ts';
import type { Indicator } from '../../../src/model/indicator.ts';
import type { ExceptionRow } from '../../../src/schema/exceptions.ts';
import { lookupOf, type Row, TODAY } from '../../support/tables.ts';

const WHY = { reason: 'tested by the red team', expires: '2026-12-31' };

function except(...rows: Partial<ExceptionRow>[]) {
  return compileExceptions(
    rows.map((row) => ({ ...WHY, ...row })),
    TODAY,
  );
}

function matchOf(kind: 'port' | 'domain' | 'address', row: Row): { indicator: Indicator } {
  const [indicator] = lookupOf(kind, [row]).indicators;
  if (indicator === undefined) throw new Error('an indicator was expected');
  return { indicator };
}

const POOL = matchOf('domain', 'minexmr.com');
const PORT = matchOf('port', 3333);
const SOCKET = matchOf('address', { value: '51.15.58.224', port: 3333 });

describe('an entity', () => {
  test.each([
    ['scanner01', 'Scanner01', true],
    ['scanner01', 'scanner011', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['2001:db8:0::1', '2001:db8::1', true],
  ])('%s excepts the entity %s: %s', (entity, name, is) => {
    const found = except({ entity }).excepted({ entity: { name }, matches: [POOL] });
    expect(found).toBe(is ? WHY.reason : undefined);
  });

  test('lies in an excepted network', () => {
    const exceptions = except({ cidr: '10.1.0.0/16' });
    expect(exceptions.excepted({ entity: { name: '10.1.2.3' }, matches: [POOL] })).toBe(WHY.reason);
    expect(exceptions.excepted({ entity: { name: '10.2.2.3' }, matches: [POOL] })).toBeUndefined();
    expect(exceptions.excepted({ entity: { name: 'host01' }, matches: [POOL] })).toBeUndefined();
  });
});

describe('an indicator', () => {
  test.each([
    ['MineXMR.com.', POOL],
    [3333, PORT],
    ['3333', PORT],
    ['51.15.58.224:3333', SOCKET],
  ])('%j excepts its matches', (indicator, match) => {
    expect(except({ indicator }).exceptedMatch(match)).toBe(WHY.reason);
  });

  test.each([
    ['pool.minexmr.com', POOL],
    ['com', POOL],
    ['51.15.58.224', SOCKET],
  ])('%s is another than that of the match', (indicator, match) => {
    expect(except({ indicator }).exceptedMatch(match)).toBeUndefined();
  });

  test('all matches of an event must be excepted, or it counts', () => {
    const exceptions = except({ indicator: 'minexmr.com' }, { indicator: 3333, reason: 'a database' });
    const entity = { name: 'host01' };
    expect(exceptions.excepted({ entity, matches: [POOL, PORT] })).toBe(`${WHY.reason}; a database`);
    expect(exceptions.excepted({ entity, matches: [POOL, SOCKET] })).toBeUndefined();
    expect(exceptions.excepted({ entity, matches: [] })).toBeUndefined();
  });
});

test('an exception counts on its last day, and no longer', () => {
  const rows = [{ ...WHY, entity: 'host01', expires: TODAY }];
  const evidence = { entity: { name: 'host01' }, matches: [POOL] };
  const last = compileExceptions(rows, TODAY);
  const after = compileExceptions(rows, '2026-11-25');
  expect(last.excepted(evidence)).toBe(WHY.reason);
  expect(after.excepted(evidence)).toBeUndefined();
  expect([last.expired.length, after.expired.length]).toEqual([0, 1]);
  expect(after.digest).not.toBe(last.digest);
});

function faultsOf(rows: unknown) {
  return parseExceptions(JSON.stringify({ exceptions: rows }, null, 1), 'exceptions.json').faults;
}

describe('the file', () => {
  test('is read', () => {
    const rows = [{ ...WHY, indicator: 3333, added_by: 'jane' }];
    expect(parseExceptions(JSON.stringify({ exceptions: rows }), 'exceptions.json')).toMatchObject({
      exceptions: rows,
      faults: [],
    });
  });

  test.each([
    [{ ...WHY }, /excepts nothing/],
    [{ ...WHY, entity: 'a', cidr: '10.0.0.0/8' }, /both entity and cidr/],
    [{ ...WHY, cidr: '10.0.0.0/33' }, /an address or a CIDR/],
    [{ ...WHY, cidr: '0.0.0.0/0' }, /excepts every address/],
    [{ entity: 'a', reason: 'b' }, /"expires" is missing/],
    [{ entity: 'a', expires: '2026-12-31' }, /"reason" is missing/],
    [{ ...WHY, entity: 'a', expires: '2026-02-30' }, /a date/],
  ])('%j is a fault, with its line', (row, message) => {
    const [fault] = faultsOf([{ ...WHY, entity: 'good' }, row]);
    expect(fault?.message).toMatch(message);
    expect(fault?.location).toMatchObject({ file: 'exceptions.json', line: expect.any(Number) });
    expect(fault?.location.line).toBeGreaterThan(7);
  });
});
