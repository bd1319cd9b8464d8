/** The hunts of hunts/ and the queries of kibana/, read by Elasticsearch's own parsers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { esqlHunts } from '../../src/convert/esql/hunts.ts';
import { DATA_VIEWS } from '../../src/convert/kibana/data-views.ts';
import { SAVED_SEARCHES } from '../../src/convert/kibana/searches.ts';
import { lookupFields } from '../../src/convert/lookup-rows.ts';
import { ROOT } from '../support/cli.ts';
import { HOSTILE } from '../support/hostile.ts';
import { openQueryParser, type QueryParser } from '../support/query-parser/parser.ts';

const FOLDER = join(ROOT, 'hunts');
const hunts = Object.fromEntries(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
let parser: QueryParser;

beforeAll(async () => {
  parser = await openQueryParser();
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

  test('and the queries of the detection rules are well-formed', () => {
    const rules = readFileSync(join(ROOT, 'kibana/rules.ndjson'), 'utf8').trimEnd().split('\n');
    const queries = rules.map((line, i): [string, string] => {
      const { query, language } = JSON.parse(line) as { query: string; language: string };
      return [`rule-${i}${language === 'kuery' ? '.kql' : ''}`, query];
    });
    expect(queries.map(([name]) => name)).toEqual(['rule-0.kql', 'rule-1']);
    expect(parser.faults(Object.fromEntries(queries))).toEqual([]);
    expect(parser.faults({ 'broken.kql': 'event.kind : ("alert" and' })).toHaveLength(1);
  });

  test("and those of Kibana's saved searches, and of the links between them", () => {
    const searches = SAVED_SEARCHES.map(({ id, attributes }): [string, string] => {
      const { searchSourceJSON } = attributes['kibanaSavedObjectMeta'] as { searchSourceJSON: string };
      return [`${id}.kql`, (JSON.parse(searchSourceJSON) as { query: { query: string } }).query.query];
    });
    const links = DATA_VIEWS.flatMap(({ id, attributes }) =>
      [...String(attributes['fieldFormatMap']).matchAll(/query:'(.+?)'/g)].map(
        ([, query = ''], i): [string, string] => [`${id}-${i}.kql`, decodeURI(query).replace('{{value}}', 'AZ1xq_0-')],
      ),
    );
    expect(searches.length).toBeGreaterThan(4);
    expect(links).toHaveLength(4);
    expect(parser.faults(Object.fromEntries([...searches, ...links]))).toEqual([]);
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
