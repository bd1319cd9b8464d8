import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { type Started, startCli, temporaryFolder } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { listen, passage } from '../support/stand-in.ts';
import { lookupText, MINING } from '../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../support/worker.ts';

const folder = temporaryFolder();
const lookups = folder.folder('lookups');
folder.file('lookups/domains.json', lookupText('domain', MINING.domain ?? []));
const corners: Corner[] = [];
const started: Started[] = [];

type Line = Readonly<Record<string, unknown>>;

async function corner(): Promise<Corner> {
  const one = await openCorner();
  corners.push(one);
  const index = await one.index('-dns');
  const event = {
    '@timestamp': daysAgo(1),
    source: { ip: '10.0.0.1' },
    dns: { question: { name: 'pool.minexmr.com' } },
  };
  await one.put(index, { a: event });
  return one;
}

/** `minecanary run` by schedule, with its metrics. */
function start({ name }: Corner, listenOn: string, node = elasticsearchUrl()): Started {
  const config = folder.file(`${name}.json`, {
    lookups: [lookups],
    lag: '0s',
    schedule: { interval: '1s' },
    sources: [{ name, index: `${name}*`, scope: name }],
    metrics: { listen: listenOn },
  });
  const run = startCli(['run', '--config', config], { env: { ELASTICSEARCH_URL: node } });
  started.push(run);
  return run;
}

/** The URL that is told, once the pattern was told too; and the lines of the log. */
async function toldBy(run: Started, pattern: RegExp): Promise<{ url: string; lines: Line[] }> {
  let text = '';
  run.child.stderr?.on('data', (data) => (text += String(data)));
  await run.saying(pattern);
  const url = /Metrics and health are told on (http:[^"]+)"/.exec(text)?.[1] ?? '';
  return { url, lines: text.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : [])) };
}

async function ask(url: string, path: string): Promise<readonly [number, string]> {
  const response = await fetch(`${url}${path}`);
  return [response.status, await response.text()];
}

afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  for (const one of corners.splice(0)) await one.close();
});
afterAll(() => folder.remove());

const RUN = '"message":"\\d+ events seen';

describe('a worker by schedule', () => {
  test('tells what it did, is alive and ready, and stops telling when it ends', async () => {
    const one = await corner();
    const run = start(one, '127.0.0.1:0');
    const { url } = await toldBy(run, new RegExp(`(?:${RUN}[^]*){2}`));
    expect(await ask(url, '/healthz')).toEqual([200, 'alive\n']);
    expect(await ask(url, '/readyz')).toEqual([200, 'ready\n']);
    const [status, text] = await ask(url, '/metrics');
    expect(status).toBe(200);
    const own = `source="${one.name}"`;
    for (const line of [
      `minecanary_events_matched_total{${own}} 1`,
      `minecanary_events_tagged_total{${own}} 1`,
      `minecanary_pass_duration_seconds_count{${own},pass="sweep"} 1`,
      `minecanary_alerts_created_total 1`,
      'minecanary_ready 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    for (const name of ['lag', 'gap']) {
      const value = new RegExp(`^minecanary_source_${name}_seconds\\{${own}\\} (.+)$`, 'm').exec(text)?.[1];
      expect(Number(value)).toBeLessThan(60);
    }
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(/minexmr|10\.0\.0\.1/);
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 0 });
    await expect(ask(url, '/healthz')).rejects.toThrow('fetch failed');
  });

  test('is not ready while Elasticsearch is away, and says why', async () => {
    const one = await corner();
    const between = await passage(elasticsearchUrl());
    const run = start(one, '127.0.0.1:0', between.url);
    const { url } = await toldBy(run, new RegExp(RUN));
    between.away = true;
    let answer = await ask(url, '/readyz');
    // The client tries for a while before a run fails.
    while (!answer[1].includes('failed')) {
      await sleep(100);
      answer = await ask(url, '/readyz');
    }
    expect(answer[0]).toBe(503);
    expect(answer[1]).toMatch(/^not ready: the last run that ended well ended \d+s ago; the last one failed: \w+\n$/);
    expect(await ask(url, '/healthz')).toEqual([200, 'alive\n']);
    expect((await ask(url, '/metrics'))[1]).toMatch(
      new RegExp(`^minecanary_passes_failed_total\\{source="${one.name}"\\} [1-9]`, 'm'),
    );
    await between.close();
  });

  test('warns where others than this machine can ask', async () => {
    const run = start(await corner(), '0.0.0.0:0');
    await run.saying(/"log.level":"warn".*metrics.listen 0.0.0.0:0 is open to others than this machine/);
  });

  test('ends before the first pass where the port is taken', async () => {
    const one = await corner();
    const other = await listen(createServer());
    const { host } = new URL(other.url);
    const { code, stdout, stderr } = await start(one, host).ended;
    await other.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: metrics.listen ${host} can't be listened on: something else`, 'm'));
    expect(await one.units()).toEqual([]);
  });
});

test('lines of a pass carry its id, which its unit holds too', async () => {
  const one = await corner();
  const run = start(one, '127.0.0.1:0');
  const { lines } = await toldBy(run, new RegExp(RUN));
  run.child.kill('SIGTERM');
  await run.ended;
  const ended = lines.find((line) => line['event.action'] === 'pass');
  const unit = (await one.units()).find(({ source }) => source['pass'] === 'sweep');
  expect(ended).toMatchObject({
    message: expect.stringMatching(/^The sweep pass over .* is complete/),
    'minecanary.pass.id': `sweep:${one.name}#${String(unit?.source['fence'])}`,
    'minecanary.pass.name': 'sweep',
    'minecanary.unit.id': unit?.id,
    'minecanary.source': one.name,
    'event.outcome': 'success',
    'event.duration': expect.any(Number),
    minecanary: { seen: 1, matched: 1, tagged: 1 },
  });
});
