import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { guard, guardTogether } from '../../../src/lookups/guards.ts';
import { parseLookup } from '../../../src/lookups/parse.ts';
import type { LookupKind } from '../../../src/model/indicator.ts';
import { lookupOf, type Row, TODAY } from '../../support/tables.ts';

const guarded = (kind: LookupKind, rows: readonly Row[]) => guard(lookupOf(kind, rows), TODAY);

const process = (value: string): Row => ({ value, type: 'process' });
const agent = (value: string): Row => ({ value, type: 'software' });
const signature = (value: string): Row => ({ value, type: 'x-ids-signature' });
const method = (value: string, params?: string[]): Row => ({
  value,
  type: 'network-traffic',
  ...(params && { params }),
});
const warned = (kind: LookupKind, rows: readonly Row[]) => guarded(kind, rows).map(({ message }) => message);

const HEADER = {
  name: 'test',
  description: 'for a test',
  provider: 'us',
  licence: 'Apache-2.0',
  reference: 'https://example.org/',
  updated: TODAY,
};

function rowOf(row: Row): object {
  return typeof row === 'object' ? row : { value: row };
}

describe('an indicator that would match what is not mining is refused', () => {
  test.each([
    ['co.uk', /public suffix/],
    ['github.io', /public suffix/],
    ['herokuapp.com', /public suffix/],
    ['pool.notatld', /no such top-level domain/],
    ['miner.local', /no such top-level domain/],
    ['mooo.com', /shared by many/],
    ['ddns.net', /public suffix/],
    ['google.com', /most visited/],
    ['www.github.com', /github\.com is one of the most visited/],
    ['wikipedia.org', /most visited/],
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

test('an expired row is refused from the day after', () => {
  const rows = [
    { value: 'old.org', expires: '2026-11-23' },
    { value: 'last-day.org', expires: TODAY },
  ];
  expect(guarded('domain', rows)).toMatchObject([
    { severity: 'error', message: 'old.org expired on 2026-11-23', location: { pointer: '/rows/0' } },
  ]);
});

describe('an address that many share is refused', () => {
  test.each([
    ['8.8.8.8', /public DNS resolver/],
    ['9.9.9.0/24', /public DNS resolver/],
    ['2606:4700:4700::1111', /public DNS resolver/],
    ['104.16.1.1', /content delivery network/],
    ['104.16.0.0/12', /content delivery network/],
    ['104.0.0.0/9', /content delivery network/],
    ['2606:4700::/32', /public DNS resolver|content delivery network/],
    ['3.5.140.0/22', /of a cloud/],
    ['34.64.0.0/10', /of a cloud/],
  ])('%s', (value, message) => {
    const faults = guarded('address', [value]);
    expect(faults).toEqual([expect.objectContaining({ severity: 'error' })]);
    expect(faults[0]?.message).toMatch(message);
  });

  test.each([
    ['an address of a customer of a cloud', '3.5.140.7'],
    ['a few addresses of a cloud', '3.5.140.0/28'],
    ['a socket at a content delivery network', { value: '104.16.1.1', port: 3333 }],
  ])('but not %s', (_, row) => {
    expect(guarded('address', [row])).toEqual([]);
  });

  test('nor is a network of sockets there', () => {
    expect(guarded('address', [{ value: '104.16.1.0/24', port: 3333 }])).toMatchObject([{ severity: 'error' }]);
  });
});

describe('rows of other kinds that match what is ordinary are refused', () => {
  test.each<[LookupKind, Row, RegExp]>([
    ['port', 443, /everybody's traffic/],
    ['port', 8080, /everybody's traffic/],
    ['process', process('svchost.exe'), /runs on many hosts/],
    ['process', process('SVCHOST.EXE'), /runs on many hosts/],
    ['process', process('kdevtmpfs'), /runs on many hosts/],
    ['command-line', process('powershell'), /matches too much/],
    ['command-line', process('* -o *'), /would match|matches too much/],
    ['command-line', process(' pool.'), /matches too much/],
    ['user-agent', agent('Mozilla/*'), /matches too much/],
    ['user-agent', agent('curl/*'), /matches too much/],
    ['signature', signature('*Mining*'), /Data Mining Bot/],
    ['signature', signature('*Miner*'), /Medical Examiner/],
    ['payload', method('initialize'), /do not mine/],
    ['url', { value: 'pool.notatld/miner.js', type: 'url' }, /no such top-level domain/],
    ['url', { value: '10.0.0.1/miner.js', type: 'url' }, /private, reserved/],
  ])('%s %j', (kind, row, message) => {
    const { lookup, faults } = parseLookup(
      JSON.stringify({ ...HEADER, kind, rows: [{ confidence: 'medium', type: 'port', ...rowOf(row) }] }),
      'test.json',
    );
    const found = lookup === undefined ? faults : guard(lookup, TODAY);
    expect(found).toEqual([expect.objectContaining({ severity: 'error', message: expect.stringMatching(message) })]);
  });

  test.each<[LookupKind, Row]>([
    ['port', 3333],
    ['process', process('xmrig.exe')],
    ['command-line', process('stratum+tcp://')],
    ['user-agent', agent('XMRig/*')],
    ['signature', signature('*CoinMiner*')],
    ['payload', method('mining.subscribe')],
    ['payload', method('notify', ['job_id', 'blob'])],
    ['url', { value: 'github.com/xmrig/xmrig/releases/download/', type: 'url' }],
  ])('%s %j passes', (kind, row) => {
    expect(guarded(kind, [row])).toEqual([]);
  });
});

describe('a row that says no more than another is warned of', () => {
  test('a name under a listed parent', () => {
    expect(warned('domain', ['minexmr.com', 'pool.minexmr.com', 'notminexmr.com'])).toEqual([
      'pool.minexmr.com is covered by minexmr.com in row 0',
    ]);
  });

  test('an address in a listed network, and a network in a wider one', () => {
    expect(warned('address', ['94.130.12.0/24', '94.130.12.7', '94.130.12.0/26', '94.130.13.7'])).toEqual([
      '94.130.12.7 is covered by 94.130.12.0/24 in row 0',
      '94.130.12.0/26 is covered by 94.130.12.0/24 in row 0',
    ]);
  });

  test.each<[string, Row, Row]>([
    ['surer', { value: 'minexmr.com', confidence: 'low' }, { value: 'pool.minexmr.com', confidence: 'high' }],
    ['longer listed', { value: 'minexmr.com', expires: '2026-12-01' }, 'pool.minexmr.com'],
    [
      'of another category',
      { value: 'minexmr.com', category: 'site' },
      { value: 'a.minexmr.com', category: 'stratum' },
    ],
  ])('but not one that is %s', (_, parent, child) => {
    expect(warned('domain', [parent, child])).toEqual([]);
  });

  test("a pool's Stratum host", () => {
    const rows = [
      { value: 'minexmr.com', category: 'pool' },
      { value: 'pool.minexmr.com', category: 'stratum' },
    ];
    expect(warned('domain', rows)).toHaveLength(1);
  });

  test('across lookups, each once and by its file', () => {
    const ours = lookupOf('domain', ['minexmr.com', 'own.org'], { name: 'ours' });
    const theirs = lookupOf('domain', ['own.org', 'pool.minexmr.com', 'new.org', 'new.org'], { name: 'theirs' });
    const faults = guardTogether([{ lookup: ours }, { lookup: theirs, lineOf: () => 7 }]);
    expect(faults.map(({ message, location }) => [message, location.line, location.pointer])).toEqual([
      ['own.org stands in row 1 of ours too', 7, '/rows/0'],
      ['pool.minexmr.com is covered by minexmr.com in row 0 of ours', 7, '/rows/1'],
    ]);
    expect(faults.every(({ severity }) => severity === 'warning')).toBe(true);
  });
});

test('the shipped lookups pass', () => {
  const folder = new URL('../../../lookups/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'exceptions.json');
  const lookups = files.map((file) => {
    const { lookup, faults } = parseLookup(readFileSync(new URL(file, folder), 'utf8'), file);
    if (lookup === undefined) throw new Error(JSON.stringify(faults));
    return { lookup };
  });
  expect(lookups.length).toBeGreaterThan(10);
  expect(lookups.flatMap(({ lookup }) => guard(lookup, lookup.updated))).toEqual([]);
  expect(guardTogether(lookups)).toEqual([]);
});

test('the line is told where it is known', () => {
  const [fault] = guard(lookupOf('domain', ['co.uk']), TODAY, (pointer) => (pointer === '/rows/0' ? 12 : undefined));
  expect(fault?.location).toEqual({ file: 'domain.json', line: 12, pointer: '/rows/0' });
});
