import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isOwn } from '../../../src/elastic/names.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import { tablesOf } from '../../support/tables.ts';
import { around, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const DAY = 40;
const EVENT = {
  '@timestamp': daysAgo(DAY),
  source: { ip: '10.5.5.5' },
  destination: { ip: '51.15.58.224', port: 3333 },
};

let corner: Corner;
let index: string;
beforeAll(async () => {
  corner = await openCorner();
  index = await corner.index('-events');
  await corner.put(index, { one: EVENT });
  await corner.run({ range: around(DAY) });
});
afterAll(() => corner.close());

/** Names of all indices that a source would read. */
async function read(patterns: readonly string[]): Promise<string[]> {
  const options = { client: corner.client, name: corner.name, policy: DEFAULT_POLICY, tables: tablesOf() };
  const source = await openElasticsearchSource({ ...options, index: patterns });
  return source.groups.flatMap(({ indices }) => indices.map(({ name }) => name));
}

/** Our own documents match, were they ever read: they quote what matched. */
test('there is something of our own to read', async () => {
  expect(await corner.matches()).toHaveLength(1);
  expect(await corner.alerts()).toHaveLength(1);
});

test.each([
  [['*']],
  [['*', '-nothing*']],
  [['logs-*', 'minecanary-*', 'w-*']],
  [['minecanary-matches-*']],
  [['logs-minecanary.alert-*']],
  [['minecanary-incidents', 'minecanary-units']],
])('they are not read by %j', async (patterns) => {
  const names = await read(patterns);
  expect(names.filter((name) => isOwn(name))).toEqual([]);
  expect(names.includes(index)).toBe(patterns.some((pattern) => ['*', 'w-*'].includes(pattern)));
});

test('nor by an alias that names them, nor in an index that was copied from them', async () => {
  const [match] = await corner.matches();
  const own = match?.index ?? '';
  const alias = `${corner.name}-alias`;
  await corner.client.indices.updateAliases({
    actions: [own, index].map((name) => ({ add: { index: name, alias } })),
  });
  try {
    expect(await read([alias])).toEqual([index]);
    const outcome = await corner.run({
      range: around(DAY),
      source: { index: [alias, 'minecanary-*'], name: 'aliased' },
    });
    expect(outcome).toMatchObject({ errors: [], seen: 1, matched: 1, tagged: 0, unchanged: 1 });
  } finally {
    await corner.client.indices.updateAliases({ actions: [{ remove: { index: own, alias } }] });
  }
});

test('nor in an index that was cloned from them, under whatever name', async () => {
  const source = await corner.index('-plays-ours', {});
  await corner.put(source, { one: EVENT });
  await corner.client.indices.addBlock({ index: source, block: 'write' });
  const clone = `${corner.name}-clone`;
  await corner.client.indices.clone({ index: source, target: clone });
  expect((await read([`${corner.name}-clone`])).length).toBe(1);

  const ours = `minecanary-matches-${corner.name.slice(2)}`;
  await corner.client.indices.create({ index: ours, settings: { number_of_replicas: 0 } });
  try {
    await corner.client.indices.addBlock({ index: ours, block: 'write' });
    await corner.client.indices.clone({ index: ours, target: `${corner.name}-cloned-ours` });
    expect(await read([`${corner.name}-cloned-ours`])).toEqual([]);
  } finally {
    await corner.client.indices.delete({ index: ours });
  }
});
