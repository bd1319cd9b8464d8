import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../src/elastic/client.ts';
import { loadLookups } from '../../src/feeds/load.ts';
import type { Change } from '../../src/setup/install.ts';
import { planLookupIndices } from '../../src/setup/lookup-indices.ts';
import { ROOT } from '../support/cli.ts';
import { cleanUp, elasticsearchUrl, randomPrefix, testClient } from '../support/elasticsearch.ts';
import { OVERLOAD, type Rules, startProxy, UNFIT } from '../support/proxy.ts';
import { passage } from '../support/stand-in.ts';
import { lookupOf, type Row, TODAY } from '../support/tables.ts';

const client = testClient();
const prefix = randomPrefix('lookup-');
let count = 0;
let name = '';

beforeEach(() => {
  count += 1;
  name = `${prefix}-${count}`;
});
afterAll(async () => {
  await cleanUp(client, prefix);
  await client.close();
});

type Kind = 'port' | 'domain' | 'address' | 'process' | 'command-line';

async function plan(kind: Kind, rows: readonly Row[]): Promise<{ changes: Change[]; notes: string[] }> {
  const notes: { index: string; note: string }[] = [];
  const changes = await planLookupIndices(client, [lookupOf(kind, rows, { name })], TODAY, notes);
  return { changes, notes: notes.map(({ note }) => note) };
}

/** What setup would say, done. */
async function install(kind: Kind, rows: readonly Row[]): Promise<string[]> {
  const { changes } = await plan(kind, rows);
  for (const { apply } of changes) await apply();
  return changes.map(({ what }) => what);
}

interface Stored {
  readonly indicator: Readonly<Record<string, unknown>>;
}

async function stored(): Promise<Stored['indicator'][]> {
  const { hits } = await client.search<Stored>({ index: name, size: 100, sort: ['indicator.name'] });
  return hits.hits.map(({ _source }) => _source?.indicator ?? {});
}

describe('the index of a lookup', () => {
  test('is of mode lookup, strict, ours, and holds a row a document', async () => {
    expect(await install('port', [3333, { value: 4444, note: 'Metasploit too', expires: TODAY }])).toEqual([
      `create the lookup index ${name}, with 2 rows`,
    ]);
    const about = (await client.indices.get({ index: name }))[name];
    expect(about?.settings?.index).toMatchObject({ mode: 'lookup', refresh_interval: '-1' });
    expect(about?.mappings).toMatchObject({ dynamic: 'strict', _meta: { managed_by: 'minecanary' } });
    const common = {
      kind: 'port',
      lookup: name,
      confidence: 'medium',
      provider: 'us',
      reference: 'https://example.org/',
    };
    expect(await stored()).toEqual([
      { port: 3333, name: '3333', ...common },
      { port: 4444, name: '4444', ...common, note: 'Metasploit too', expires: `${TODAY}T23:59:59.999Z` },
    ]);
  });

  test('is made by two at once', async () => {
    const plans = await Promise.all([plan('domain', ['minexmr.com']), plan('domain', ['minexmr.com'])]);
    await Promise.all(plans.flatMap(({ changes }) => changes.map(({ apply }) => apply())));
    expect((await stored()).map(({ domain }) => domain)).toEqual(['minexmr.com']);
    expect(plans.map(({ notes }) => notes)).toEqual([[], []]);
  });

  test('is left as it is where nothing changed', async () => {
    await install('domain', ['minexmr.com']);
    expect(await plan('domain', ['minexmr.com'])).toEqual({ changes: [], notes: [] });
  });

  test('a dry run tells the difference and changes nothing', async () => {
    await install('domain', ['minexmr.com', 'nanopool.org']);
    const { changes } = await plan('domain', ['minexmr.com', 'f2pool.com', 'pool.example']);
    expect(changes.map(({ what }) => what)).toEqual([`update the lookup index ${name}: 2 rows added, 1 taken out`]);
    expect((await stored()).map(({ domain }) => domain)).toEqual(['minexmr.com', 'nanopool.org']);
  });

  test('is brought up to date, rows that changed as well', async () => {
    await install('domain', ['minexmr.com', 'nanopool.org']);
    await install('domain', [{ value: 'minexmr.com', confidence: 'high' }, 'f2pool.com']);
    expect((await stored()).map(({ domain, confidence }) => [domain, confidence])).toEqual([
      ['f2pool.com', 'medium'],
      ['minexmr.com', 'high'],
    ]);
  });

  test('is seen whole: until the last row is written, queries find the old rows', async () => {
    await install('domain', ['minexmr.com', 'nanopool.org']);
    const [change] = (await plan('domain', ['f2pool.com'])).changes;
    const refresh = client.indices.refresh.bind(client.indices);
    let before: unknown;
    client.indices.refresh = (async (request: { index: string }) => {
      before = (await stored()).map(({ domain }) => domain);
      return refresh(request);
    }) as typeof client.indices.refresh;
    try {
      await change?.apply();
    } finally {
      client.indices.refresh = refresh as typeof client.indices.refresh;
    }
    expect(before).toEqual(['minexmr.com', 'nanopool.org']);
    expect((await stored()).map(({ domain }) => domain)).toEqual(['f2pool.com']);
  });

  test('what broke off is mended by the next setup', async () => {
    const through = await passage(elasticsearchUrl(), (line) => {
      through.away = line.includes('_bulk');
    });
    const other = connect({ node: [through.url] });
    try {
      const [change] = await planLookupIndices(other, [lookupOf('domain', ['minexmr.com'], { name })], TODAY, []);
      await expect(change?.apply()).rejects.toThrow();
    } finally {
      await other.close();
      await through.close();
    }
    expect(await stored()).toEqual([]);
    expect(await install('domain', ['minexmr.com'])).toEqual([
      `update the lookup index ${name}: 1 rows added, 0 taken out`,
    ]);
    expect((await stored()).map(({ domain }) => domain)).toEqual(['minexmr.com']);
  });
});

describe('of refused writes', () => {
  const OLD = ['minexmr.com', 'nanopool.org', 'f2pool.com'];

  /** Brings the index up to date behind a server that refuses some writes; what came of it, and the rows then. */
  async function update(rows: readonly string[], item: Rules['item'] & object) {
    await install('domain', OLD);
    const proxy = await startProxy(elasticsearchUrl(), { item });
    const through = connect({ node: [proxy.url] });
    const notes: { index: string; note: string }[] = [];
    try {
      const [change] = await planLookupIndices(through, [lookupOf('domain', rows, { name })], TODAY, notes);
      await change?.apply();
    } finally {
      await through.close();
      await proxy.close();
    }
    await client.indices.refresh({ index: name });
    return { notes: notes.map(({ note }) => note), domains: (await stored()).map(({ domain }) => domain) };
  }

  test.each(['index', 'delete'] as const)('each %s that may succeed is tried again', async (action) => {
    const tried = new Map<string, number>();
    const { notes, domains } = await update(['pool.example', 'minexmr.com'], (write) => {
      if (write.action !== action) return undefined;
      tried.set(write.id, (tried.get(write.id) ?? 0) + 1);
      // One goes through at once.
      return tried.size > 1 === (action === 'delete') && tried.get(write.id) === 1 ? OVERLOAD : undefined;
    });
    expect(notes).toEqual([]);
    expect(domains).toEqual(['minexmr.com', 'pool.example']);
    expect([...tried.values()]).toEqual(action === 'delete' ? [1, 2] : [2]);
  });

  test.each(['index', 'delete'] as const)(
    'an %s that is refused for good is told, and no row is lost',
    async (action) => {
      const { notes, domains } = await update(['pool.example', 'minexmr.com'], (write) =>
        write.action === action ? UNFIT : undefined,
      );
      expect(notes).toEqual([expect.stringContaining(UNFIT.reason)]);
      expect(domains).toEqual([...OLD, ...(action === 'delete' ? ['pool.example'] : [])].toSorted());
      // The next setup mends it.
      await install('domain', ['pool.example', 'minexmr.com']);
      expect((await stored()).map(({ domain }) => domain)).toEqual(['minexmr.com', 'pool.example']);
    },
  );
});

describe('rows', () => {
  test('addresses and sockets are joined by their address; networks are left out', async () => {
    await install('address', ['51.15.58.224', { value: '2001:41d0::5', port: 443 }, '94.130.12.0/24']);
    expect((await stored()).map(({ ip, port, name: shown }) => [ip, port, shown])).toEqual([
      ['51.15.58.224', undefined, '51.15.58.224'],
      ['2001:41d0::5', 443, '[2001:41d0::5]:443'],
    ]);
  });

  test('that expired are left out', async () => {
    await install('process', ['xmrig', { value: 'old', expires: '2026-11-23' }]);
    expect((await stored()).map(({ process }) => process)).toEqual(['xmrig']);
  });

  test('that no comparison of whole values finds make no index', async () => {
    expect(await plan('command-line', ['--donate-level'])).toEqual({ changes: [], notes: [] });
  });
});

describe('what is not ours is left alone', () => {
  const LEFT = ['a lookup has this name, but this index is not made for it: it is left alone'];

  test('an index of the name', async () => {
    await client.indices.create({ index: name, mappings: { properties: { a: { type: 'keyword' } } } });
    expect(await plan('domain', ['minexmr.com'])).toEqual({ changes: [], notes: LEFT });
  });

  test('a lookup index of somebody else', async () => {
    await client.indices.create({ index: name, settings: { index: { mode: 'lookup' } } });
    expect(await plan('domain', ['minexmr.com'])).toEqual({ changes: [], notes: LEFT });
  });

  test('an alias of the name', async () => {
    await client.indices.create({ index: `${name}-behind`, aliases: { [name]: {} } });
    expect(await plan('domain', ['minexmr.com'])).toEqual({ changes: [], notes: LEFT });
  });
});

test('where Elasticsearch refuses the index, setup goes on, with a note', async () => {
  await client.indices.putIndexTemplate({ name, index_patterns: [name], priority: 900, data_stream: {} });
  const notes: { index: string; note: string }[] = [];
  const [change] = await planLookupIndices(client, [lookupOf('domain', ['minexmr.com'], { name })], TODAY, notes);
  await change?.apply();
  expect(notes).toEqual([
    { index: name, note: expect.stringMatching(/^hunts in ES\|QL that join it will fail: .*data stream/) },
  ]);
});

test('setup fills the indices of the shipped lookups', async () => {
  const lookups = await loadLookups([join(ROOT, 'lookups')]);
  const own = lookups.map((lookup) => ({ ...lookup, name: `${name}-${lookup.name}` }));
  for (const { apply } of await planLookupIndices(client, own, TODAY, [])) await apply();
  const { hits } = await client.search({
    index: `${name}-sec-port-cryptomining`,
    query: { terms: { 'indicator.port': [3333, 9999, 443] } },
  });
  expect(hits.hits).toHaveLength(2);
  const { count: domains } = await client.count({ index: `${name}-pool-domains` });
  expect(domains).toBe(lookups.find((lookup) => lookup.name === 'pool-domains')?.indicators.length);
});
