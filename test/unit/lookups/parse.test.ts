import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseLookup } from '../../../src/lookups/parse.ts';
import { indicatorName } from '../../../src/model/indicator.ts';
import { lookupOf, lookupText, parseRows, type Row, TODAY } from '../../support/tables.ts';

/** The faults of one row behind a good one. */
function faultsOf(kind: 'port' | 'domain' | 'address', row: Row) {
  const good = { port: 3333, domain: 'minexmr.com', address: '51.15.58.224' }[kind];
  return parseRows(kind, [good, row]).faults;
}

describe('a row', () => {
  test('inherits provider and reference from its file, and keeps its own', () => {
    const header = { name: 'pools', provider: 'maltrail', reference: 'https://example.org/list' };
    const own = { value: 'other.org', provider: 'Sigma', reference: 'https://example.org/rule', note: 'a note' };
    const [plain, rich] = lookupOf('domain', ['minexmr.com', own], header).indicators;
    expect(plain).toMatchObject({ provider: 'maltrail', reference: 'https://example.org/list', lookup: 'pools' });
    expect(rich).toMatchObject({ ...own, lookup: 'pools' });
    expect(Object.isFrozen(plain)).toBe(true);
  });

  test.each([
    ['port', 3333, '3333'],
    ['domain', 'Pool.MineXMR.com.', 'pool.minexmr.com'],
    ['domain', 'пул.рф', 'xn--k1ahm.xn--p1ai'],
    ['address', '51.15.58.224', '51.15.58.224'],
    ['address', '94.130.12.77/24', '94.130.12.0/24'],
    ['address', '2A01:04F8:0::1', '2a01:4f8::1'],
    ['address', { value: '::ffff:51.15.58.224', type: 'ipv4-addr' }, '51.15.58.224'],
    ['address', { value: '51.15.58.224', port: 3333 }, '51.15.58.224:3333'],
    ['address', { value: '2a01:4f8::1', port: 3333 }, '[2a01:4f8::1]:3333'],
  ] as const)('of kind %s with %j is taken over as %s', (kind, row, shown) => {
    const [indicator] = lookupOf(kind, [row]).indicators;
    expect(indicator && indicatorName(indicator)).toBe(shown);
  });

  test('takes its moments over as UTC days', () => {
    const row = {
      value: 'minexmr.com',
      first_seen: '2026-11-24',
      last_seen: '2026-11-24T23:30:00-05:00',
      expires: '2026-12-01t01:00:60+05:00',
    };
    const days = { first_seen: '2026-11-24', last_seen: '2026-11-25', expires: '2026-11-30' };
    expect(lookupOf('domain', [row]).indicators[0]).toMatchObject(days);
  });

  test('may be seen first and last on one day, told once with its time', () => {
    const row = { value: 'minexmr.com', first_seen: '2026-11-24T05:00:00Z', last_seen: '2026-11-24' };
    expect(parseRows('domain', [row]).faults).toEqual([]);
  });

  test.each([
    ['port', 0, /65535/],
    ['port', 65_536, /65535/],
    ['port', 3333.5, /65535/],
    ['port', '3333', /65535/],
    ['domain', 'com', /single label/],
    ['domain', '*.minexmr.com', /no domain name/],
    ['domain', '51.15.58.224', /no domain name/],
    ['domain', '', /not empty/],
    ['domain', '  ', /not empty/],
    ['domain', { value: 'minexmr.com', port: 3333 }, /port/],
    ['domain', { value: 'minexmr.com', confidence: 'sure' as 'high' }, /confidence|low/],
    ['domain', { value: 'minexmr.com', nonsense: 1 } as Row, /nonsense/],
    ['domain', { value: 'minexmr.com', expires: '2026-02-30' }, /date/],
    ['domain', { value: 'minexmr.com', first_seen: '2026-11-24', last_seen: '2026-11-23' }, /lies after/],
    ['address', 'minexmr.com', /no address/],
    ['address', '51.15.58.0/33', /no address/],
    ['address', '0.0.0.0/0', /every address/],
    ['address', { value: '::/0', type: 'ipv6-addr' }, /every address/],
    ['address', { value: '51.15.58.224', type: 'ipv6-addr' }, /not of type/],
    ['address', { value: '51.15.58.224', port: 70_000 }, /port/],
  ] as const)('of kind %s with %j is refused, and its place is named', (kind, row, message) => {
    const [fault, ...more] = faultsOf(kind, row);
    expect(more).toEqual([]);
    expect(fault).toMatchObject({ severity: 'error', message: expect.stringMatching(message) });
    expect(fault?.location.file).toBe(`${kind}.json`);
    expect(fault?.location.pointer).toMatch(/^\/rows\/1(\/|$)/);
    const line = lookupText(kind, [3333, row]).split('\n')[(fault?.location.line ?? 0) - 1];
    expect(line).toBeDefined();
    expect(fault?.location.line).toBeGreaterThan(10);
  });
});

describe('a file', () => {
  test('gives all its faults at once, each with its line', () => {
    const { lookup, faults } = parseRows('domain', ['com', 'minexmr.com', '*.org', '1.2.3.4']);
    const lines = lookupText('domain', ['com', 'minexmr.com', '*.org', '1.2.3.4']).split('\n');
    expect(lookup).toBeUndefined();
    expect(faults.map(({ location }) => location.pointer)).toEqual(['/rows/0', '/rows/2', '/rows/3']);
    for (const [i, value] of ['com', '*.org', '1.2.3.4'].entries()) {
      const line = faults[i]?.location.line ?? 0;
      expect(lines.slice(line - 1, line + 4).join('\n')).toContain(`"${value}"`);
    }
  });

  test.each(['name', 'kind', 'description', 'provider', 'licence', 'reference', 'updated', 'rows'])(
    'without %s is refused',
    (key) => {
      const file = JSON.parse(lookupText('domain', ['minexmr.com'])) as Record<string, unknown>;
      const { [key]: _gone, ...rest } = file;
      const { lookup, faults } = parseLookup(JSON.stringify(rest), 'pools.json');
      expect(lookup).toBeUndefined();
      expect(faults.map(({ message }) => message).join()).toContain(key);
      expect(faults[0]?.location.file).toBe('pools.json');
    },
  );

  test('may be YAML', () => {
    const text = [
      'name: pools',
      'kind: domain',
      'description: by hand',
      'provider: us',
      'licence: Apache-2.0',
      'reference: https://example.org/',
      `updated: ${TODAY}`,
      'rows:',
      '  - { value: minexmr.com, type: domain-name, confidence: high }',
      '  - { value: com, type: domain-name, confidence: high }',
    ];
    expect(parseLookup(text.slice(0, -1).join('\n'), 'pools.yml').lookup?.indicators[0]?.value).toBe('minexmr.com');
    expect(parseLookup(text.join('\n'), 'pools.yml').faults[0]?.location).toEqual({
      file: 'pools.yml',
      line: 10,
      pointer: '/rows/1',
    });
  });

  test('of any text never throws, and has either a lookup or faults', () => {
    const almost = fc
      .record({
        name: fc.jsonValue(),
        kind: fc.constantFrom('port', 'domain', 'address', '__proto__'),
        rows: fc.jsonValue(),
      })
      .map((part) => JSON.stringify({ ...(JSON.parse(lookupText('domain', [])) as object), ...part }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), almost), fc.constantFrom('x.json', 'x.yml'), (text, file) => {
        const { lookup, faults } = parseLookup(text, file);
        expect(lookup === undefined).toBe(faults.length > 0);
      }),
    );
  });
});
