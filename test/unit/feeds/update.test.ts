import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { loadLookups } from '../../../src/feeds/load.ts';
import { swapText } from '../../../src/feeds/store.ts';
import { updateFeed } from '../../../src/feeds/update.ts';
import type { Feed } from '../../../src/model/feed.ts';
import { type FeedServer, startFeedServer, status } from '../../support/feed-server.ts';
import { feedOf } from '../../support/feeds.ts';

const NOW = Date.parse('2026-11-24T05:06:07Z');
const DAY = 86_400_000;

let server: FeedServer;
let folder: string;
beforeAll(async () => {
  server = await startFeedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.asked.length = 0;
  folder = join(mkdtempSync(join(tmpdir(), 'feeds-')), 'made');
});
afterEach(() => rmSync(resolve(folder, '..'), { recursive: true }));

function update(own: Partial<Feed> = {}, now = NOW, dryRun = false) {
  const feed = feedOf({ url: server.url, ...own });
  return updateFeed(feed, { folder, env: {}, now, dryRun, backoff: 1 });
}

function file(name = 'pools.json'): string {
  return join(folder, name);
}

function made(): { rows: { value: string }[]; updated: string } {
  return JSON.parse(readFileSync(file(), 'utf8')) as { rows: { value: string }[]; updated: string };
}

function state(): Record<string, unknown> {
  return JSON.parse(readFileSync(file('pools.state'), 'utf8')) as Record<string, unknown>;
}

describe('an update', () => {
  test('makes a lookup whose rows remember where they are from', async () => {
    server.answer('minexmr.com\nnanopool.org\ncom\n');
    expect(await update()).toMatchObject({ status: 'updated', rows: 2, added: 2, removed: 0, left_out: { bad: 1 } });
    const lookups = await loadLookups({ lookups: [], feeds: [{ name: 'pools' }], feeds_folder: folder });
    expect(lookups).toMatchObject([{ name: 'pools', updated: '2026-11-24', provider: 'us' }]);
    expect(lookups[0]?.indicators[0]).toMatchObject({
      value: 'minexmr.com',
      confidence: 'medium',
      provider: 'us',
      licence: 'Apache-2.0',
      reference: 'https://example.org/',
      lookup: 'pools',
    });
    expect(readdirSync(folder).sort()).toEqual(['pools.json', 'pools.state']);
  });

  test('of the same content leaves the lookup as it is', async () => {
    server.answer('minexmr.com\n');
    await update();
    const before = readFileSync(file(), 'utf8');
    expect(await update({}, NOW + DAY)).toMatchObject({ status: 'unchanged', rows: 1, added: 0, removed: 0 });
    expect(readFileSync(file(), 'utf8')).toBe(before);
    expect(state()).toMatchObject({ succeeded: '2026-11-25T05:06:07.000Z', changed: '2026-11-24T05:06:07.000Z' });
  });

  test('tells what came and went', async () => {
    server.answer('a.minexmr.com\nb.minexmr.com\n');
    await update();
    server.answer('b.minexmr.com\nc.minexmr.com\nd.minexmr.com\n');
    expect(await update({}, NOW + DAY)).toMatchObject({ status: 'updated', rows: 3, added: 2, removed: 1 });
    expect(made().updated).toBe('2026-11-25');
  });

  test('as a dry run writes nothing, not even the folder', async () => {
    server.answer('minexmr.com\n');
    expect(await update({}, NOW, true)).toMatchObject({ status: 'updated', rows: 1 });
    server.answer(status(404));
    expect(await update({}, NOW, true)).toMatchObject({ status: 'failed' });
    expect(existsSync(folder)).toBe(false);
  });

  test('twice at once leaves one whole lookup, and its state', async () => {
    server.answer(...Array.from({ length: 10 }, (_, i) => `a${i}.minexmr.com\nb${i}.minexmr.com\n`));
    await Promise.all(Array.from({ length: 10 }, () => update()));
    const [a, b] = made().rows;
    expect(a?.value.slice(1)).toBe(b?.value.slice(1));
    expect(readdirSync(folder).sort()).toEqual(['pools.json', 'pools.state']);
  });
});

describe('a server that says nothing changed', () => {
  const first = status(200, { etag: '"1"' }, 'minexmr.com\n');

  test('is believed', async () => {
    server.answer(first, status(304));
    await update();
    expect(await update({}, NOW + DAY)).toMatchObject({ status: 'unchanged', rows: 1 });
    expect(server.asked[1]?.headers['if-none-match']).toBe('"1"');
    expect(state()).toMatchObject({ validators: { etag: '"1"' } });
  });

  test('keeps rows alive that expire', async () => {
    server.answer(first, status(304));
    const own = { expires: 10 * DAY };
    await update(own);
    expect(made().rows).toMatchObject([{ expires: '2026-12-04' }]);
    expect(await update(own, NOW + 2 * DAY)).toMatchObject({ status: 'unchanged' });
    expect(await update(own, NOW + 7 * DAY)).toMatchObject({ status: 'updated', added: 0, removed: 0 });
    expect(made().rows).toMatchObject([{ expires: '2026-12-11' }]);
  });

  test.each([
    ['other settings', (): void => undefined, { confidence: 'high' }],
    ['a lookup that is gone', (): void => rmSync(file()), {}],
    [
      'a lookup somebody changed',
      (): void => writeFileSync(file(), readFileSync(file(), 'utf8').replace('minexmr', 'x')),
      {},
    ],
    ['a state that is damaged', (): void => writeFileSync(file('pools.state'), '{"tried"'), {}],
  ] as const)('is not asked so with %s', async (_, change, own) => {
    server.answer(first);
    await update();
    change();
    expect(await update(own)).toMatchObject({ rows: 1 });
    expect(server.asked[1]?.headers).not.toHaveProperty('if-none-match');
    expect(made().rows.map(({ value }) => value)).toEqual(['minexmr.com']);
  });
});

describe('through a failure the last good version stays', () => {
  const GOOD = `${Array.from({ length: 10 }, (_, i) => `p${i}.minexmr.com`).join('\n')}\n`;

  test.each([
    ['gone', status(404), 'feed_http'],
    ['down', status(503), 'feed_http'],
    ['empty', '', 'feed_content'],
    ['a web page', '<html></html>', 'feed_content'],
    ['shrunk', 'p1.minexmr.com\n', 'feed_guard'],
    ['poisoned', `${GOOD}${'com\n'.repeat(30)}`, 'feed_guard'],
  ] as const)('%s', async (_, answer, code) => {
    server.answer(GOOD);
    await update();
    const before = readFileSync(file(), 'utf8');
    server.answer(answer);
    const failed = await update({}, NOW + DAY);
    expect(failed).toMatchObject({ status: 'failed', rows: 10, error: { code } });
    expect(readFileSync(file(), 'utf8')).toBe(before);
    expect(state()).toMatchObject({
      tried: '2026-11-25T05:06:07.000Z',
      succeeded: '2026-11-24T05:06:07.000Z',
      failure: { code },
    });
    server.answer(GOOD);
    await update({}, NOW + 2 * DAY);
    expect(state()).not.toHaveProperty('failure');
  });

  test('of the disk', async () => {
    mkdirSync(join(file(), 'in the way'), { recursive: true });
    server.answer(GOOD);
    expect(await update()).toMatchObject({ status: 'failed', error: { code: 'feed_store' } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('a swap that is ended half-way', () => {
  test('leaves the old text or the new one, whole', async () => {
    const old = 'old\n';
    await swapText(file('a.json'), old);
    const store = JSON.stringify(resolve('src/feeds/store.ts'));
    const path = JSON.stringify(file('a.json'));
    const script = `const { swapText } = await import(${store}); await swapText(${path}, 'new\\n'.repeat(10_000_000));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (child.exitCode === null && !readdirSync(folder).some((name) => name.endsWith('.tmp'))) await sleep(1);
    child.kill('SIGKILL');
    await ended;
    const text = readFileSync(file('a.json'), 'utf8');
    expect([old.length, 40_000_000]).toContain(text.length);
  });

  test('is cleaned up later, and read by nobody', async () => {
    server.answer('minexmr.com\n');
    await update();
    writeFileSync(file('pools.json.1.tmp'), '{"na');
    writeFileSync(file('pools.json.2.tmp'), '{"na');
    utimesSync(file('pools.json.1.tmp'), 0, 0);
    expect(await loadLookups([folder])).toHaveLength(1);
    server.answer('minexmr.com\nnanopool.org\n');
    await update();
    expect(readdirSync(folder).sort()).toEqual(['pools.json', 'pools.json.2.tmp', 'pools.state']);
  });
});
