import { describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  constantFrom,
  dictionary,
  json,
  jsonValue,
  letrec,
  nat,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check';
import type { Fault } from '../../src/model/errors.ts';
import { checkText, checkValue } from '../../src/schema/check.ts';
import type { Schema } from '../../src/schema/compile.ts';
import { configSchema } from '../../src/schema/config.ts';
import { lookupSchema } from '../../src/schema/lookup.ts';
import { nearest } from '../../src/schema/nearest.ts';
import { parseText } from '../../src/schema/parse.ts';

const HEAD = {
  name: 'pools',
  kind: 'domain',
  description: 'Pools.',
  provider: 'Example',
  licence: 'CC0-1.0',
  reference: 'https://example.org/',
  updated: '2026-11-24',
};
const ROW = { value: 'pool.example.org', type: 'domain-name', confidence: 'high' };

function faultsOf(checked: object): readonly Fault[] {
  return 'faults' in checked ? (checked.faults as readonly Fault[]) : [];
}

/** `line pointer: message` of each fault. */
function shown(checked: object): string[] {
  return faultsOf(checked).map(({ message, location: { line, pointer = '-' } }) => `${line} ${pointer}: ${message}`);
}

function checkLookup(rows: readonly object[], head: object = {}) {
  return checkText(lookupSchema, JSON.stringify({ ...HEAD, ...head, rows }, null, 1), 'pools.json');
}

describe('lookup files', () => {
  test.each([
    ['port', { value: 3333, type: 'port', confidence: 'medium', transport: 'tcp' }],
    ['domain', ROW],
    ['address', { value: '192.0.2.0/24', type: 'ipv4-addr', confidence: 'low' }],
    ['address', { value: '2001:db8::1', type: 'ipv6-addr', confidence: 'low', port: 3333 }],
    ['domain', { ...ROW, first_seen: '2024-02-29', last_seen: '2026-01-01T00:00:00.5+01:00', expires: '2027-01-01' }],
    ['domain', { ...ROW, provider: 'a', licence: 'b', reference: 'c', note: 'd', category: 'pool' }],
  ])('a %s row is taken as it is: %j', (kind, row) => {
    const file = { ...HEAD, kind, rows: [row] };
    const checked = checkText(lookupSchema, JSON.stringify(file), 'x.json');
    expect(checked).toMatchObject({ value: file });
  });

  test.each<[string, object, string]>([
    ['port', { value: 0, type: 'port', confidence: 'high' }, 'must be a port: a whole number from 1 to 65535, found 0'],
    [
      'port',
      { value: '3333', type: 'port', confidence: 'high' },
      'must be a port: a whole number from 1 to 65535, found text',
    ],
    ['port', { value: 1, type: 'ipv4-addr', confidence: 'high' }, 'must be port, found "ipv4-addr"'],
    ['domain', { ...ROW, port: 1 }, 'unknown key "port"'],
    ['domain', { ...ROW, confidence: 'hihg' }, 'must be one of low, medium, high, found "hihg"; did you mean "high"?'],
    ['domain', { ...ROW, confidnce: 'high' }, 'unknown key "confidnce"; did you mean "confidence"?'],
    ['domain', { ...ROW, expires: '2026-02-30' }, 'must be a date (2026-11-24)'],
    ['domain', { ...ROW, expires: '2026-11-24T05:06:07' }, 'must be a date (2026-11-24)'],
    ['domain', { ...ROW, note: ' ' }, 'must be text that is not empty, found " "'],
    ['domain', { value: 'a.example', type: 'domain-name' }, 'the key "confidence" is missing'],
    ['address', { value: 1, type: 'ipv4-addr', confidence: 'low' }, 'must be text that is not empty, found a number'],
  ])('a faulty %s row %j is refused', (kind, row, message) => {
    const faults = faultsOf(checkLookup([row], { kind }));
    expect(faults.map((fault) => fault.message)).toEqual([expect.stringContaining(message)]);
    expect(faults[0]?.location.pointer).toMatch(/^\/rows\/0/);
  });

  test.each(['Pools', '.pools', 'a b', '', 'a'.repeat(101), 'a/b'])('the name %j is refused', (name) => {
    expect(faultsOf(checkLookup([], { name }))).toMatchObject([{ location: { pointer: '/name' } }]);
  });

  test('of a long list with many faults the first are listed, with their places, and the rest counted', () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => (i % 100 === 50 ? { ...ROW, confidence: 'none' } : ROW));
    const faults = faultsOf(checkLookup(rows, { updated: 'today' }));
    expect(faults).toHaveLength(101);
    expect(faults[0]).toMatchObject({ location: { file: 'pools.json', line: 8, pointer: '/updated' } });
    expect(faults[99]).toMatchObject({ location: { line: 11 + 9850 * 5 + 2, pointer: '/rows/9850/confidence' } });
    expect(faults[100]?.message).toBe('and 21 more faults');
  });

  test('the line of a row is told when all is well', () => {
    const checked = checkLookup([ROW, ROW]);
    if ('faults' in checked) throw new Error('no fault was expected');
    expect(['/rows/0', '/rows/1', '/rows/1/type', '/rows/7'].map(checked.lineOf)).toEqual([10, 15, 17, undefined]);
  });
});

describe('places', () => {
  test('JSON: the line of a key, of an item, and of what lacks a key', () => {
    const text = '{\n "name": "pools",\n "kind": "port",\n "rows": [\n  {"value": 1},\n  3\n ],\n "no~te/": "\\"]"\n}';
    const lines = shown(checkText(lookupSchema, text, 'x.json'));
    expect(lines).toContain('1 : the key "updated" is missing');
    expect(lines).toContain('5 /rows/0: the key "type" is missing');
    expect(lines).toContain('6 /rows/1: must be an object, found a number');
    expect(lines).toContainEqual(expect.stringContaining('8 /no~0te~1: unknown key "no~te/"'));
  });

  test('YAML: the same, with comments, nesting and quotes', () => {
    const text = '# a\nname: pools\nkind: port\nrows:\n  - value: 1 # b\n    type: port\n  - 3\n"no~te/": |\n  x\n';
    const lines = shown(checkText(lookupSchema, text, 'x.yaml'));
    expect(lines).toContain('2 : the key "updated" is missing');
    expect(lines).toContain('5 /rows/0: the key "confidence" is missing');
    expect(lines).toContain('7 /rows/1: must be an object, found a number');
    expect(lines).toContainEqual(expect.stringContaining('8 /no~0te~1: unknown key "no~te/"'));
  });

  test('the lines of random JSON are those its own text says', () => {
    const holds = property(array(jsonValue({ maxDepth: 3 }), { minLength: 1 }), nat(), (list, pick) => {
      const index = pick % list.length;
      const text = `[${list.map((item) => `\n${JSON.stringify(item)}`).join(' ,')}]`;
      const parsed = parseText(text, 'x.json');
      if ('faults' in parsed) throw new Error('no fault was expected');
      expect(parsed.locate([`/${index}`]).get(`/${index}`)).toBe(index + 2);
      expect(parsed.lineOf(`/${index}`)).toBe(index + 2);
    });
    assert(holds);
  });
});

describe('text that can not be parsed', () => {
  test.each([
    ['{"a": 1,\n}', '2 -: this is not valid JSON: expected a key in double quotes, found "}"'],
    ['{"a" 1}', '1 -: this is not valid JSON: expected ":", found "1"'],
    ['[1\n 2]', '2 -: this is not valid JSON: expected "," or "]", found "2"'],
    ['[\n\n01]', '3 -: this is not valid JSON: expected "," or "]", found "1"'],
    ['{"a": {\n"b": [1]', '2 -: this is not valid JSON: expected "," or "}", found the end of the file'],
    ['{} {}', '1 -: this is not valid JSON: expected the end of the file, found "{"'],
    ['["SECRET\n"]', '1 -: this is not valid JSON: expected a value, found "\\""'],
    ['', '1 -: this is not valid JSON: expected a value, found the end of the file'],
    ['{"a": 1,\n"b": {"c": 1,\n"c": 2}}', '3 /b/c: this key stands twice; keep one'],
  ])('JSON %j', (text, fault) => {
    expect(shown(parseText(text, 'x.json'))).toEqual([fault]);
  });

  test.each([
    ['a: 1\nb: 2\na: 3', '3 -: this key stands twice; keep one'],
    ['a:\n\tb: 1', '2 -: a tab is used as indentation; use spaces'],
    ['a: 1\nb: "1, 2\n', '3 -: a closing quote, bracket, comma or ":" is missing'],
    ['a: !SECRET 1', '1 -: tags (!name) are not supported; write the plain value'],
    ['a: *SECRET', '1 -: an alias (*name) has no anchor (&name) before it, stands inside it, or is malformed'],
    ['a:\n  b: &b [[*b]]', '2 -: an alias (*name) has no anchor (&name) before it, stands inside it, or is malformed'],
    ['a: 1\n---\nb: 2', '2 -: the file holds more than one document (---); keep one'],
    ['? [a, b]\n: 1', '1 -: a key must be text; put it in quotes'],
    [
      'a: SECRET: x',
      '1 -: a key and its value must not be followed by another ":" on the line; put the text in quotes',
    ],
  ])('YAML %j', (text, fault) => {
    expect(shown(parseText(text, 'x.yml'))).toContain(fault);
  });

  test('aliases that stand for too much are refused before they are unfolded', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}*a${i}]`);
    const faults = shown(parseText(['a0: &a0 [x]', ...levels].join('\n'), 'x.yml'));
    expect(faults).toEqual([expect.stringContaining('aliases (*name) stand for too much')]);
    expect(parseText('a: &a [x]\nb: *a', 'x.yml')).toMatchObject({ value: { a: ['x'], b: ['x'] } });
  });

  test('nesting without end is a fault in YAML, and harmless in JSON', () => {
    const text = '['.repeat(50_000) + ']'.repeat(50_000);
    expect(faultsOf(parseText(text, 'x.yml'))).not.toHaveLength(0);
    expect(faultsOf(checkText(lookupSchema, text, 'x.json'))).toMatchObject([
      { message: expect.stringContaining('found a list') },
    ]);
  });

  test('a byte order mark is skipped, another ending of the name is refused', () => {
    expect(parseText('\uFEFF[1]', 'X.JSON')).toMatchObject({ value: [1] });
    expect(shown(parseText('[1]', 'x.toml'))).toEqual([expect.stringContaining('must end in .json, .yml or .yaml')]);
  });

  test('the place of a fault is found in any broken JSON, and only in broken JSON', () => {
    const broken = oneof(
      string(),
      string({
        unit: constantFrom('{', '}', '[', ']', '"', ':', ',', '1', '-', '.', 'e', 'a', '\\', 'true', ' '),
      }),
      tuple(json(), nat(), string({ maxLength: 2 })).map(([whole, at, put]) => {
        const cut = at % (whole.length + 1);
        return whole.slice(0, cut) + put + whole.slice(cut + 1);
      }),
    );
    assert(
      property(broken, (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const notJson = faultsOf(parseText(text, 'x.json')).some(({ message }) => message.includes('not valid JSON'));
        expect(notJson).toBe(!valid && !text.startsWith('\uFEFF'));
        if (!valid) expect(JSON.stringify(parseText(text, 'x.json'))).not.toContain('expected JSON');
      }),
      { numRuns: 2000 },
    );
  });
});

test('a check never throws, and every fault has a message and a pointer', () => {
  const key = constantFrom(
    'rows',
    'kind',
    'name',
    'elasticsearch',
    'sources',
    'schedule',
    'fields',
    'node',
    '__proto__',
    'x',
  );
  const { anything } = letrec((tie) => ({
    anything: oneof({ maxDepth: 4 }, jsonValue({ maxDepth: 1 }), tie('object'), array(tie('anything'))),
    object: dictionary(key, oneof(tie('anything'), constantFrom('port', 'domain', 'address'))),
  }));
  const holds = property(anything, (value) => {
    for (const schema of [lookupSchema, configSchema] as readonly Schema<object>[]) {
      for (const fault of faultsOf(checkText(schema, JSON.stringify(value), 'x.json'))) {
        expect(fault).toMatchObject({
          message: expect.any(String),
          location: { line: 1, pointer: expect.any(String) },
        });
      }
    }
  });
  assert(holds, { numRuns: 500 });
});

test('a value that is already parsed is checked the same way', () => {
  const value = { ...HEAD, rows: [{ ...ROW, type: 'port' }] };
  const checked = checkValue(lookupSchema, value, () => (pointer) => ({ index: 'lookups', id: '1', pointer }));
  expect(faultsOf(checked)).toMatchObject([{ location: { index: 'lookups', id: '1', pointer: '/rows/0/type' } }]);
});

test.each([
  ['elasticsaerch', 'elasticsearch'],
  ['minSeverity', 'min_severity'],
  ['LAG', 'lag'],
  ['log', 'lag'],
  ['foo', undefined],
  ['x'.repeat(10_000), undefined],
])('the nearest key to %s', (word, key) => {
  expect(nearest(word, ['elasticsearch', 'min_severity', 'lag', 'overlap'])).toBe(key);
});
