import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isDue } from '../../../src/feeds/due.ts';
import { createLookupKeeper, type KeeperOptions } from '../../../src/feeds/keep.ts';
import type { Tables } from '../../../src/lookups/compile.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { type FeedServer, startFeedServer, status } from '../../support/feed-server.ts';
import { feedOf } from '../../support/feeds.ts';
import { indicatorsOf, lookupText } from '../../support/tables.ts';

const DAY = 86_400_000;

let server: FeedServer;
let folder: string;
let now: number;
let lines: string[];
beforeAll(async () => {
  server = await startFeedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keep-'));
  now = Date.parse('2026-11-24T05:06:07Z');
  lines = [];
  server.asked.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

function keeper(own: Partial<KeeperOptions> = {}) {
  const log = createLog({ stream: { write: (text) => lines.push(text) }, json: false, level: 'warn' });
  return createLookupKeeper({ lookups: [folder], log, env: {}, now: () => now, ...own });
}

let writes = 0;
function write(text: string): void {
  writeFileSync(join(folder, 'mine.json'), text);
  // Two writes may fall into one tick of the file system's clock.
  writes += 1;
  utimesSync(join(folder, 'mine.json'), writes, writes);
}

function valuesOf(tables: Tables): string[] {
  return indicatorsOf(tables).map(({ value }) => value);
}

describe('the tables', () => {
  test('stay the same object while nothing changes', async () => {
    write(lookupText('domain', ['minexmr.com']));
    const { current } = keeper();
    const first = await current();
    expect(await current()).toBe(first);
    now += DAY;
    write(lookupText('domain', ['minexmr.com']));
    expect(await current()).toBe(first);
  });

  test('follow their files', async () => {
    write(lookupText('domain', ['minexmr.com']));
    const { current } = keeper();
    expect(valuesOf(await current())).toEqual(['minexmr.com']);
    write(lookupText('domain', ['nanopool.org']));
    expect(valuesOf(await current())).toEqual(['nanopool.org']);
    writeFileSync(join(folder, 'more.json'), lookupText('port', [3333]));
    expect(valuesOf(await current())).toEqual(['3333', 'nanopool.org']);
  });

  test('lose what expired as the day changes', async () => {
    write(lookupText('domain', ['minexmr.com', { value: 'old.org', expires: '2026-11-24' }]));
    const { current } = keeper();
    expect(valuesOf(await current())).toEqual(['minexmr.com', 'old.org']);
    now += DAY;
    expect(valuesOf(await current())).toEqual(['minexmr.com']);
  });

  test('survive a bad file, which is told once, also over the change of day', async () => {
    write(lookupText('domain', ['minexmr.com', { value: 'old.org', expires: '2026-11-24' }]));
    const { current } = keeper();
    const first = await current();
    write('{"name": "mi');
    expect(await current()).toBe(first);
    expect(await current()).toBe(first);
    expect(lines).toEqual([
      expect.stringMatching(/^warn: The lookups that were good before stay in use\..*mine\.json/),
    ]);
    now += DAY;
    expect(valuesOf(await current())).toEqual(['minexmr.com']);
    write(lookupText('domain', ['nanopool.org']));
    expect(valuesOf(await current())).toEqual(['nanopool.org']);
    write('{');
    await current();
    expect(lines).toHaveLength(2);
  });

  test('that were never good are an error', async () => {
    write('{');
    await expect(keeper().current()).rejects.toThrow('The lookups have faults');
  });
});

function options(): Partial<KeeperOptions> {
  return { feeds: [feedOf({ url: server.url })], feeds_folder: join(folder, 'made') };
}

describe('feeds', () => {
  test('are fetched when due, and matched from the next pass on', async () => {
    write(lookupText('port', [3333]));
    server.answer('minexmr.com\n');
    const { current, refresh } = keeper(options());
    expect(valuesOf(await current())).toEqual(['3333']);
    expect(await refresh()).toMatchObject([{ name: 'pools', status: 'updated' }]);
    expect(valuesOf(await current())).toEqual(['3333', 'minexmr.com']);
    expect(await refresh()).toEqual([]);
    now += 3_600_000;
    expect(await refresh()).toMatchObject([{ status: 'unchanged' }]);
    expect(server.asked).toHaveLength(2);
  });

  test('that fail are told, and tried again sooner', async () => {
    write(lookupText('port', [3333]));
    server.answer(status(404));
    const { current, refresh } = keeper(options());
    await refresh();
    expect(lines).toEqual([
      expect.stringContaining('The feed pools is insecure'),
      expect.stringContaining('it answers 404'),
    ]);
    expect(valuesOf(await current())).toEqual(['3333']);
    now += 900_000;
    await refresh();
    expect(server.asked).toHaveLength(2);
  });

  test('are fetched once, however often it is asked for', async () => {
    server.answer('minexmr.com\n');
    const { refresh } = keeper(options());
    await Promise.all([refresh(), refresh(), refresh()]);
    expect(server.asked).toHaveLength(1);
  });

  test('without a key are told like any failure', async () => {
    const feeds = [feedOf({ url: server.url, api_key_env: 'FEED_KEY' })];
    const { refresh } = keeper({ ...options(), feeds });
    expect(await refresh()).toMatchObject([{ status: 'failed', error: { code: 'config_invalid' } }]);
  });
});

test.each([
  [undefined, true],
  [{ tried: '2026-11-24T04:06:07Z' }, true],
  [{ tried: '2026-11-24T04:06:08Z' }, false],
  [{ tried: '2026-11-24T04:51:07Z', failure: { code: 'feed_http', message: '' } }, true],
  [{ tried: '2026-11-24T04:51:08Z', failure: { code: 'feed_http', message: '' } }, false],
  [{ tried: '2027-01-01T00:00:00Z' }, true],
])('a feed of state %j is due: %s', (state, due) => {
  const whole = state && { validators: {}, settings: '', rows: 0, ...state };
  expect(isDue(whole, { every: 3_600_000 }, Date.parse('2026-11-24T05:06:07Z'))).toBe(due);
});
