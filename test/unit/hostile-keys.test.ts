import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import { parseExceptions } from '../../src/lookups/exceptions.ts';
import { parseLookup } from '../../src/lookups/parse.ts';
import { parseText } from '../../src/schema/parse.ts';
import { makeOf } from '../support/feeds.ts';
import { lookupText } from '../support/tables.ts';

const KEYS = ['__proto__', 'constructor', 'prototype'] as const;
/** What would stand on every object afterwards. */
const POISON = '{"polluted": true, "prototype": {"polluted": true}}';

let before: readonly string[];
beforeEach(() => {
  before = Object.getOwnPropertyNames(Object.prototype);
});
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect('polluted' in {}).toBe(false);
});

function configError(text: string, file: string): string {
  try {
    loadConfig({ env: {}, file, read: () => ({ text, mode: 0o600 }) });
  } catch (error) {
    return String(error);
  }
  return 'none';
}

describe.each(KEYS)('the key %s', (key) => {
  test.each([
    ['c.json', `{"${key}": ${POISON}}`],
    ['c.json', `{"elasticsearch": {"${key}": ${POISON}}}`],
    ['c.json', `{"alerts": {"${key}": ${POISON}}}`],
    ['c.json', `{"sources": [{"name": "a", "index": "a", "${key}": ${POISON}}]}`],
    ['c.yml', `"${key}": ${POISON}\n`],
    ['c.yml', `elasticsearch:\n  ${key}: ${POISON}\n`],
  ])('is unknown in a configuration: %s %s', (file, text) => {
    expect(configError(text, file)).toContain(`"${key}"`);
  });

  test('is unknown in a lookup and its rows', () => {
    const text = lookupText('domain', ['minexmr.com']);
    for (const own of [text.replace('{', `{"${key}": ${POISON},`), text.replace('"type"', `"${key}": 1, "type"`)]) {
      const { lookup, faults } = parseLookup(own, 'a.json');
      expect(lookup).toBeUndefined();
      expect(faults.map(({ message }) => message).join()).toContain(`"${key}"`);
    }
  });

  test('is unknown in exceptions', () => {
    const { faults } = parseExceptions(`{"${key}": ${POISON}, "exceptions": []}`, 'exceptions.json');
    expect(faults.map(({ message }) => message).join()).toContain(`"${key}"`);
  });

  test('is read as a key of its own, whatever the format', () => {
    for (const file of ['a.json', 'a.yml']) {
      const parsed = parseText(`{"${key}": ${POISON}}`, file);
      expect('value' in parsed && Object.keys(parsed.value as object)).toEqual([key]);
    }
  });

  test('does nothing in what feeds send', () => {
    const item = `{"type": "indicator", "${key}": ${POISON}, "pattern_type": "stix",
      "pattern": "[domain-name:value = 'pool-of-us.org']"}`;
    const stix = makeOf(`{"type": "bundle", "${key}": ${POISON}, "objects": [${item}]}`, { format: 'stix' });
    expect(stix.rows).toMatchObject([{ value: 'pool-of-us.org' }]);
    const csv = { column: 'host' };
    const made = makeOf(`${key},host\nx,pool-of-us.org\n`, { format: 'csv', csv: { ...csv, delimiter: ',' } });
    expect(made.rows).toMatchObject([{ value: 'pool-of-us.org' }]);
  });
});
