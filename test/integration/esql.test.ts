/** The hunts of hunts/, read by Elasticsearch's own parser of ES|QL. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { esqlHunts } from '../../src/convert/esql/hunts.ts';
import { lookupFields } from '../../src/convert/lookup-rows.ts';
import { ROOT } from '../support/cli.ts';
import { type EsqlParser, openEsqlParser } from '../support/esql/parser.ts';
import { HOSTILE } from '../support/hostile.ts';

const FOLDER = join(ROOT, 'hunts');
const hunts = Object.fromEntries(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
let parser: EsqlParser;

beforeAll(async () => {
  parser = await openEsqlParser();
});
afterAll(() => parser.close());

/** A query without its comments and texts. */
function bare(query: string): string {
  return query.replaceAll(/^\/\/.*$/gm, '').replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
}

describe('the hunts', () => {
  test('are well-formed', () => {
    expect(Object.keys(hunts).length).toBeGreaterThan(15);
    expect(parser.faults(hunts)).toEqual([]);
  });

  test('a hunt that is not is refused by the same parser', () => {
    const [line] = parser.faults({ broken: 'FROM logs-*\n| WHERE a LIKE\n| LIMIT 1\n' });
    expect(line).toMatch(/^broken:3:0 /);
  });

  test('are well-formed of hostile lookups too', () => {
    const made = esqlHunts(HOSTILE);
    expect(parser.faults(Object.fromEntries(made.map(({ name, text }) => [name, text])))).toEqual([]);
  });

  test('call functions that Elasticsearch has', () => {
    const called = new Set(Object.values(hunts).flatMap((query) => bare(query).match(/\b[A-Z_]+(?=\()/g) ?? []));
    expect(parser.hasFunction('MV_APPENDED')).toBe(false);
    expect(called.size).toBeGreaterThan(10);
    expect([...called].filter((name) => !parser.hasFunction(name))).toEqual([]);
  });

  test('name fields that the lookup indices have', () => {
    const named = new Set(Object.values(hunts).flatMap((query) => bare(query).match(/\bindicator\.\w+/g) ?? []));
    const fields = new Set(Object.keys(lookupFields).map((name) => `indicator.${name}`));
    expect([...named].filter((name) => !fields.has(name))).toEqual([]);
  });

  test('each says what it asks, and of which technique it is', () => {
    for (const query of Object.values(hunts)) {
      expect(query).toMatch(/^\/\/ \S.*\n\/\/ Question: .*\?\n\/\/ ATT&CK: T1496\.001 Compute Hijacking\n/);
    }
  });
});
