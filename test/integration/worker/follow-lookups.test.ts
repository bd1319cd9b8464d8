import { afterAll, expect, test } from '@jest/globals';
import { runCli, startCli, temporaryFolder } from '../../support/cli.ts';
import { cleanUp, elasticsearchUrl, randomPrefix, testClient } from '../../support/elasticsearch.ts';
import { lookupText } from '../../support/tables.ts';

const folder = temporaryFolder();
const client = testClient();
const name = randomPrefix('follow-');
const env = { ELASTICSEARCH_URL: elasticsearchUrl() };
afterAll(async () => {
  await cleanUp(client, name);
  await client.close();
  folder.remove();
});

function write(lookup: string, rows: readonly string[]): void {
  folder.file(`lookups/${lookup}.json`, lookupText('domain', rows, { name: `${name}-${lookup}` }));
}

async function domains(): Promise<string[]> {
  const { hits } = await client.search<{ indicator: { domain: string } }>({ index: `${name}-old` });
  return hits.hits.map(({ _source }) => _source?.indicator.domain ?? '').toSorted();
}

test('a worker by schedule brings the index of a lookup up to date where the lookup changed, and makes none', async () => {
  const lookups = folder.folder('lookups');
  write('old', ['minexmr.com', 'nanopool.org']);
  const config = folder.file('minecanary.json', {
    lookups: [lookups],
    lag: '0s',
    schedule: { interval: '1s' },
    sources: [{ name, index: `${name}-events`, scope: name }],
  });
  await client.indices.create({ index: `${name}-events` });
  expect(await runCli(['setup', '--config', config], { env })).toMatchObject({ code: 0 });
  expect(await domains()).toEqual(['minexmr.com', 'nanopool.org']);

  const run = startCli(['run', '--config', config], { env });
  try {
    await run.saying(/events seen/);
    write('new', ['pool.example']);
    write('old', ['f2pool.com', 'nanopool.org']);
    await run.saying(/The lookups changed: update the lookup index follow-\S+-old: 1 rows added, 1 taken out/);
    expect(await domains()).toEqual(['f2pool.com', 'nanopool.org']);
    expect(await client.indices.exists({ index: `${name}-new` })).toBe(false);
  } finally {
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
  }
});
