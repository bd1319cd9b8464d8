import { describe, expect, test } from '@jest/globals';
import { guard } from '../../../src/lookups/guards.ts';
import { lookupOf, type Row, TODAY } from '../../support/tables.ts';

const guarded = (kind: 'domain' | 'address', rows: readonly Row[]) => guard(lookupOf(kind, rows), TODAY);

describe('an indicator that would match what is not mining is refused', () => {
  test.each([
    ['co.uk', /public suffix/],
    ['github.io', /public suffix/],
    ['herokuapp.com', /public suffix/],
    ['pool.notatld', /no such top-level domain/],
    ['miner.local', /no such top-level domain/],
  ])('%s', (value, message) => {
    expect(guarded('domain', ['minexmr.com', value])).toEqual([
      {
        severity: 'error',
        message: expect.stringMatching(message),
        location: { file: 'domain.json', pointer: '/rows/1' },
      },
    ]);
  });

  test.each([
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.0/16',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::/8',
    '2001:db8::1',
    'ff02::1',
    // Wider than a reserved range, which they hold.
    '8.0.0.0/6',
    '128.0.0.0/1',
    'fc00::/6',
    '::/1',
  ])('%s', (value) => {
    const [fault, ...more] = guarded('address', [value]);
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ severity: 'error', location: { pointer: '/rows/0' } });
    expect(fault?.message).toContain(`${value} is private, reserved or special-purpose`);
  });
});

test.each(['minexmr.com', 'pool.github.io', '_stratum._tcp.minexmr.com', 'a-.minexmr.com', 'пул.рф', 'pool.co.uk'])(
  'the name %s passes',
  (value) => {
    expect(guarded('domain', [value])).toEqual([]);
  },
);

test.each(['51.15.58.224', '94.130.12.0/24', '2a01:4f8::/32', '11.0.0.0/8', '172.32.0.0/11', '9.255.255.255'])(
  'the address %s passes',
  (value) => {
    expect(guarded('address', [value])).toEqual([]);
  },
);

test('a row that stands twice is warned of, whatever its spelling', () => {
  const faults = guarded('domain', ['minexmr.com', 'other.org', 'MineXMR.com.']);
  expect(faults).toEqual([
    {
      severity: 'warning',
      message: 'minexmr.com stands in row 0 too',
      location: { file: 'domain.json', pointer: '/rows/2' },
    },
  ]);
});

test('an address, its socket and its socket for one transport are three indicators', () => {
  const value = '51.15.58.224';
  const rows = [value, { value, port: 3333 }, { value, port: 4444 }, { value, port: 3333, transport: 'tcp' as const }];
  expect(guarded('address', rows)).toEqual([]);
});

test('an expired row is warned of from the day after', () => {
  const rows = [
    { value: 'old.org', expires: '2026-11-23' },
    { value: 'last-day.org', expires: TODAY },
  ];
  expect(guarded('domain', rows)).toMatchObject([
    { severity: 'warning', message: 'old.org expired on 2026-11-23', location: { pointer: '/rows/0' } },
  ]);
});

test('the line is told where it is known', () => {
  const [fault] = guard(lookupOf('domain', ['co.uk']), TODAY, (pointer) => (pointer === '/rows/0' ? 12 : undefined));
  expect(fault?.location).toEqual({ file: 'domain.json', line: 12, pointer: '/rows/0' });
});
