/** On a server of their own: what is old on a shared one belongs to other tests. */
import { chmodSync } from 'node:fs';
import type { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServerProcess, startElasticsearch } from '../../scripts/elasticsearch/server.ts';
import { connect } from '../../src/elastic/client.ts';
import { dropMonths } from '../../src/worker/retention.ts';
import { type Ended, runCli, temporaryFolder } from '../support/cli.ts';
import { OVERLOAD, startProxy, UNFIT } from '../support/proxy.ts';
import { daysAgo } from '../support/worker.ts';

const folder = temporaryFolder();
// The server's user must come into it.
chmodSync(folder.path, 0o755);

let server: ServerProcess;
let client: Client;

beforeAll(async () => {
  server = await startElasticsearch({ folder: folder.folder('server'), heap: '256m' });
  client = connect({ node: [server.url] });
  await client.index({
    index: 'logs-app-1',
    document: { '@timestamp': daysAgo(1), source: { ip: '10.0.0.1' }, dns: { question: { name: 'pool.minexmr.com' } } },
    refresh: true,
  });
  expect(await run('--setup')).toMatchObject({ code: 0 });
}, 300_000);
afterAll(async () => {
  await client?.close();
  await server?.stop();
  folder.remove();
});

function run(...args: string[]): Promise<Ended> {
  return runCli(['run', '--once', '--json', ...args], { env: { ELASTICSEARCH_URL: server.url } });
}

describe('what is older than the retention', () => {
  const months = ['1980.05', '1980.06', '1980.07'].flatMap((month) => [
    `minecanary-matches-${month}`,
    `logs-minecanary.alert-${month}`,
  ]);
  const days = ['1980-05-31', '1980-06-01', 'unknown'];
  const oldest = ([index, prefix]: readonly [string, string]): Promise<boolean[]> =>
    Promise.all(days.map((day) => client.exists({ index, id: `${prefix}${day}` })));
  const documents = [
    ['minecanary-incidents', ''],
    ['minecanary-units', 'failure:'],
  ] as const;
  const left = (): Promise<boolean[]> => Promise.all(months.map((index) => client.indices.exists({ index })));

  beforeAll(async () => {
    // A name that only ends like ours is somebody else's.
    for (const index of [...months, 'not-minecanary-matches-1980.05']) await client.indices.create({ index });
    const operations = days.flatMap((day) => [
      { create: { _index: 'minecanary-incidents', _id: day } },
      { minecanary: { day } },
      { create: { _index: 'minecanary-units', _id: `failure:${day}` } },
      { type: 'failure', source: 'logs', updated: day === 'unknown' ? daysAgo(1) : `${day}T12:00:00.000Z` },
    ]);
    const { errors, items } = await client.bulk({ operations, refresh: true });
    expect(errors ? items : []).toEqual([]);
  });

  test('goes by whole months, and nothing of the month that the time is in', async () => {
    const before = Date.parse('1980-06-15T00:00:00.000Z');
    const dropped = await dropMonths(client, before);
    expect({ ...dropped, indices: dropped.indices.toSorted() }).toEqual({
      indices: ['logs-minecanary.alert-1980.05', 'minecanary-matches-1980.05'],
      documents: 2,
    });
    expect(await left()).toEqual([false, false, true, true, true, true]);
    expect(await client.indices.exists({ index: 'not-minecanary-matches-1980.05' })).toBe(true);
    for (const one of documents) expect(await oldest(one)).toEqual([false, true, true]);
    expect(await dropMonths(client, before)).toEqual({ indices: [], documents: 0 });
  });

  test('goes though each deletion is refused at first; one that is refused for good is told', async () => {
    const operations = ['a', 'b'].flatMap((id) => [
      { create: { _index: 'minecanary-incidents', _id: id } },
      { minecanary: { day: '1979-01-01' } },
    ]);
    await client.bulk({ operations, refresh: true });
    const tried: string[] = [];
    let forGood = true;
    const proxy = await startProxy(server.url, {
      item: ({ action, id }) => {
        if (action !== 'delete') return undefined;
        tried.push(id);
        if (forGood) return id === 'b' ? UNFIT : undefined;
        return tried.filter((one) => one === id).length === 2 ? OVERLOAD : undefined;
      },
    });
    const through = connect({ node: [proxy.url] });
    const before = Date.parse('1979-06-15T00:00:00.000Z');
    try {
      await expect(dropMonths(through, before)).rejects.toMatchObject({ code: 'sink_failed', retryable: false });
      await client.indices.refresh({ index: 'minecanary-incidents' });
      forGood = false;
      expect(await dropMonths(through, before)).toEqual({ indices: [], documents: 1 });
    } finally {
      await through.close();
      await proxy.close();
    }
    expect(tried.toSorted()).toEqual(['a', 'b', 'b', 'b']);
  });

  test('goes with a sweep, and what is younger stays', async () => {
    await client.delete({ index: 'minecanary-units', id: 'sweep:logs', refresh: true });
    const { count } = await client.count({ index: 'minecanary-matches-*' });
    const ended = await run();
    expect(ended.code).toBe(0);
    expect(ended.stderr).toMatch(/Dropped minecanary-matches-1980.07: it is older than the retention/);
    expect(await left()).toEqual(months.map(() => false));
    for (const one of documents) expect(await oldest(one)).toEqual([false, false, true]);
    expect(await client.count({ index: 'minecanary-matches-*' })).toMatchObject({ count });
    expect(count).toBeGreaterThan(0);
  });
});
