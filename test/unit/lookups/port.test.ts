import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parsePort } from '../../../src/lookups/port.ts';
import { tablesOf } from '../../support/tables.ts';

test('every number from 1 to 65535 is a port, as a number and as text, and no other number', () => {
  for (let port = -1; port <= 65_600; port += 1) {
    const expected = port >= 1 && port <= 65_535 ? port : undefined;
    if (parsePort(port) !== expected || parsePort(String(port)) !== expected) throw new Error(`port ${port}`);
  }
  expect(parsePort(65_535)).toBe(65_535);
});

test.each([
  '03333',
  ' 3333',
  '3333 ',
  '3333\n',
  '+3333',
  '3333.0',
  '3333.5',
  '3.333e3',
  '0xd05',
  '٣٣٣٣',
  '',
  '33333333333333333333',
  3333.5,
  -3333,
  514_514,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  null,
  undefined,
  [3333],
  { value: 3333 },
])('%j is no port', (value) => {
  expect(parsePort(value)).toBeUndefined();
});

test('a listed port is found exactly', () => {
  const { byKind } = tablesOf({ port: [3333, 4444] });
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(3333, 4444)), (port) => {
      const found = byKind.port.find(String(port)).map(({ value }) => value);
      expect(found).toEqual(port === 3333 || port === 4444 ? [String(port)] : []);
    }),
  );
});
