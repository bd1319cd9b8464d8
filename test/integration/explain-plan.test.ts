/** What `run --explain-plan` says of mappings of every kind; what it plans finds the event that mines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMatcher } from '../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../src/model/policy.ts';
import { openElasticsearchSource } from '../../src/sources/elasticsearch.ts';
import { type Ended, runCli } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { tablesOf } from '../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../support/worker.ts';

const DAY = 40;
const [FROM, TO] = [daysAgo(DAY + 1), daysAgo(DAY - 1)];

const folder = mkdtempSync(join(tmpdir(), 'minecanary-plan-'));
let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await corner.close();
});

/** Explains the plan for some indices. */
function explain(index: readonly string[], ...more: readonly string[]): Promise<Ended> {
  const file = join(folder, 'minecanary.json');
  const config = { elasticsearch: { node: elasticsearchUrl() }, sources: [{ name: 'test', index }] };
  writeFileSync(file, JSON.stringify(config));
  return runCli(['run', '--explain-plan', '--config', file, '--from', FROM, '--to', TO, ...more]);
}

interface Field {
  readonly field: string;
  readonly type: string;
  readonly strategy: string;
  readonly cost: number;
  readonly why: string;
}
interface Plan {
  readonly sources: readonly {
    readonly groups: readonly {
      readonly indices: readonly string[];
      readonly documents: number;
      readonly read: string;
      readonly why?: string;
      readonly fields: readonly Field[];
    }[];
  }[];
}

/** Makes an index with a document that mines and so many that don't, all alike but for the value. */
async function fill(suffix: string, properties: object, mining: object, benign: object, count = 1000): Promise<string> {
  const mappings = { dynamic: false as const, properties: { '@timestamp': { type: 'date' as const }, ...properties } };
  const index = await corner.index(suffix, { mappings });
  const documents = Array.from({ length: count }, (_, i) => [`benign-${i}`, { '@timestamp': daysAgo(DAY), ...benign }]);
  await corner.put(index, { mining: { '@timestamp': daysAgo(DAY), ...mining }, ...Object.fromEntries(documents) });
  return index;
}

async function planned(...index: string[]): Promise<Plan['sources'][number]['groups']> {
  const { code, stdout, stderr } = await explain(index, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as Plan).sources.flatMap(({ groups }) => groups);
}

async function found(...index: string[]): Promise<string[]> {
  const tables = tablesOf();
  const policy = DEFAULT_POLICY;
  const { client } = corner;
  const source = await openElasticsearchSource({ client, name: 'test', index, policy, tables, smallWindow: 0 });
  const matcher = createMatcher(tables, policy);
  const ids: string[] = [];
  for await (const page of source.read({ by: 'timestamp', range: { from: Date.parse(FROM), to: Date.parse(TO) } }))
    for (const { event, time, place } of page) if (matcher.match(event, time) !== undefined) ids.push(place.id);
  return ids;
}

const port = (type: object) => ({ destination: { properties: { port: type } } });
const name = (type: object) => ({ dns: { properties: { question: { properties: { name: type } } } } });
const PORT = [{ destination: { port: 3333 } }, { destination: { port: 443 } }] as const;
const NAME = [
  { dns: { question: { name: 'eu.minexmr.com' } } },
  { dns: { question: { name: 'example.org' } } },
] as const;

test.each<[string, object, readonly [object, object], Partial<Field>]>([
  ['a port as a number', port({ type: 'long' }), PORT, { field: 'destination.port', strategy: 'terms' }],
  ['a port as a keyword', port({ type: 'keyword' }), PORT, { field: 'destination.port', strategy: 'sweep' }],
  [
    'an address',
    { destination: { properties: { ip: { type: 'ip' } } } },
    [{ destination: { ip: '51.15.58.224' } }, { destination: { ip: '9.9.9.9' } }],
    { field: 'destination.ip', type: 'ip', strategy: 'terms' },
  ],
  [
    'a name that is not of ECS',
    { zeek: { properties: { dns: { properties: { query: { type: 'keyword' } } } } } },
    [{ zeek: { dns: { query: 'eu.minexmr.com' } } }, { zeek: { dns: { query: 'example.org' } } }],
    { field: 'zeek.dns.query', strategy: 'sweep' },
  ],
  ['a name as text alone', name({ type: 'text' }), NAME, { field: 'dns.question.name', strategy: 'exists' }],
  [
    'a name as text with a keyword',
    name({ type: 'text', fields: { keyword: { type: 'keyword' } } }),
    NAME,
    { field: 'dns.question.name', strategy: 'sweep' },
  ],
  [
    'a payload as text',
    { message: { type: 'text' } },
    [{ message: '{"id":1,"method":"mining.subscribe","params":[]}' }, { message: 'a method' }],
    { field: 'message', strategy: 'phrase' },
  ],
])('%s', async (what, properties, [mining, benign], expected) => {
  const index = await fill(`-${what.replaceAll(' ', '-').toLowerCase()}`, properties, mining, benign);
  const [group] = await planned(index);
  // New fields are not mapped: nothing would be asked for at all.
  expect(group).toMatchObject({ documents: 1001, read: 'whole' });
  await corner.client.indices.putMapping({ index, dynamic: true });
  const [open, ...more] = await planned(index);
  expect(more).toEqual([]);
  expect(open).toMatchObject({ indices: [index], documents: 1001, read: 'candidates' });
  expect(open?.fields).toMatchObject([expected]);
  expect(open?.fields[0]?.why).not.toBe('');
  expect(await found(index)).toEqual(['mining']);
});

test.each<[string, object, readonly [object, object], string]>([
  ['not indexed, without doc values', name({ type: 'keyword', index: false, doc_values: false }), NAME, 'neither'],
  [
    'a flattened field that drops long values',
    { winlog: { properties: { event_data: { type: 'flattened', ignore_above: 20 } } } },
    [{ winlog: { event_data: { QueryName: 'eu.minexmr.com' } } }, { winlog: { event_data: { QueryName: 'x.org' } } }],
    'in the documents alone',
  ],
])('%s is read whole', async (what, properties, [mining, benign], why) => {
  const index = await fill(`-${what.replaceAll(/[ ,]+/g, '-')}`, properties, mining, benign);
  await corner.client.indices.putMapping({ index, dynamic: true });
  const [group] = await planned(index);
  expect(group).toMatchObject({ read: 'whole', why: expect.stringContaining(why) });
  expect(await found(index)).toEqual(['mining']);
});

test('a field that is an alias of another leads to the values of that', async () => {
  const properties = {
    dest_ip: { type: 'ip' },
    destination: { properties: { ip: { type: 'alias', path: 'dest_ip' } } },
  };
  const index = await fill('-alias', properties, { dest_ip: '51.15.58.224' }, { dest_ip: '9.9.9.9' });
  await corner.client.indices.putMapping({ index, dynamic: true });
  const [group] = await planned(index);
  const fields = group?.fields.map(({ field, strategy }) => [field, strategy]);
  expect(fields).toEqual(
    expect.arrayContaining([
      ['destination.ip', 'terms'],
      ['dest_ip', 'terms'],
    ]),
  );
  expect(await found(index)).toEqual(['mining']);
});

test('types that differ from index to index are planned apart', async () => {
  const indices = [
    await fill('-conflict-number', port({ type: 'long' }), ...PORT),
    await fill('-conflict-keyword', port({ type: 'keyword' }), ...PORT),
    await fill('-conflict-unindexed', port({ type: 'long', index: false, doc_values: false }), ...PORT),
    await fill('-conflict-flattened', { destination: { type: 'flattened' } }, ...PORT),
  ];
  await corner.client.indices.putMapping({ index: indices, dynamic: true });
  const groups = await planned(...indices);
  const ways = Object.fromEntries(groups.map(({ indices: [one = ''], fields: [field] }) => [one, field?.strategy]));
  expect(Object.keys(ways).toSorted()).toEqual(indices.toSorted());
  const strategies = indices.map((one) => ways[one]);
  expect(strategies.slice(0, 2)).toEqual(['terms', 'sweep']);
  expect(new Set(strategies.slice(2))).not.toContain('terms');
  expect(await found(...indices)).toEqual(['mining', 'mining', 'mining', 'mining']);
});

test('it writes nothing, and says it in text too', async () => {
  const index = await fill('-text', port({ type: 'long' }), ...PORT, 3);
  const before = await corner.events();
  const { code, stdout } = await explain([index]);
  expect(code).toBe(0);
  expect(stdout).toContain(`${index}: 4 documents, all read`);
  expect(await corner.events()).toEqual(before);
});
