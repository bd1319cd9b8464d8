/** On a server of their own, where nothing is set up: one server for all tests of this file, in their order. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ServerProcess, startElasticsearch } from '../../scripts/elasticsearch/server.ts';
import { loadLookups } from '../../src/feeds/load.ts';
import { LAYOUT } from '../../src/setup/install.ts';
import { type Ended, ROOT, runCli, temporaryFolder } from '../support/cli.ts';
import { lookupText, MINING } from '../support/tables.ts';
import { at, daysAgo } from '../support/worker.ts';

const folder = temporaryFolder();
// The server's user must come into it.
chmodSync(folder.path, 0o755);
const lookups = folder.folder('lookups');
folder.file('lookups/domains.json', lookupText('domain', MINING.domain ?? []));
const config = folder.file('minecanary.json', { lookups: [lookups], lag: '0s' });
const EVENT = { source: { ip: '10.0.0.1' }, dns: { question: { name: 'pool.minexmr.com' } } };
/** The server of the tests has no scripts. */
const NO_PIPELINE =
  "note: minecanary-enrich: it can't run here: parse_exception (400): No processor type exists with name [script]; the worker tags instead";
const ALERTS_NOW = `logs-minecanary.alert-${daysAgo(1).slice(0, 7).replace('-', '.')}`;

let server: ServerProcess;
let client: Client;

beforeAll(async () => {
  server = await startElasticsearch({ folder: join(folder.folder('server')), heap: '256m' });
  client = new Client({ node: server.url });
}, 300_000);

afterAll(async () => {
  await client?.close();
  await server?.stop();
  folder.remove();
});

function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runCli(args, { env: { ELASTICSEARCH_URL: server.url, ...env } });
}

/** Names and sequence numbers of everything on the server: equal where nothing was written. */
async function state(): Promise<unknown> {
  const [stats, { index_templates }, { component_templates }, mappings] = await Promise.all([
    client.indices.stats({ level: 'shards', expand_wildcards: 'all' }),
    client.indices.getIndexTemplate(),
    client.cluster.getComponentTemplate(),
    client.indices.getMapping({ expand_wildcards: 'all' }),
  ]);
  const sequences = Object.entries(stats.indices ?? {}).map(([index, { shards }]) => [
    index,
    Object.values(shards ?? {}).flatMap((copies) => copies.map(({ seq_no: seqNo }) => seqNo?.max_seq_no)),
  ]);
  return { sequences: Object.fromEntries(sequences), index_templates, component_templates, mappings };
}

async function layout(number: number, index = 'minecanary-units'): Promise<void> {
  await client.indices.putMapping({ index, _meta: { managed_by: 'minecanary', layout: number } });
}

/** The template of alerts, as a version with another layout would leave it. */
async function newerTemplate(number: number): Promise<void> {
  const { index_templates: templates } = await client.indices.getIndexTemplate({ name: 'logs-minecanary.alert' });
  for (const { name, index_template: template } of templates) {
    await client.indices.putIndexTemplate({
      name,
      index_patterns: template.index_patterns,
      priority: template.priority ?? 0,
      _meta: { managed_by: 'minecanary', layout: number },
      template: { mappings: { _meta: { managed_by: 'minecanary', layout: number } } },
    });
  }
  if (templates.length === 0) throw new Error('There is no such template.');
}

/** Lines of standard error that are no JSON of the log. */
function plain({ stderr }: Ended): string {
  return stderr.replaceAll(/^\{.*\n/gm, '');
}

describe('before setup', () => {
  test('run refuses, with what to do, and writes nothing', async () => {
    await client.index({
      index: 'logs-app-1',
      id: 'a',
      document: { '@timestamp': daysAgo(1), ...EVENT },
      refresh: true,
    });
    const before = await state();
    for (const args of [['run', '--once'], ['run'], ['run', '--from', '2026-01-01', '--to', '2026-01-02']]) {
      const ended = await cli([...args, '--config', config]);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(plain(ended)).toBe(
        'error: minecanary is not set up on this Elasticsearch: its templates are missing. ' +
          'Run `minecanary setup`, or `minecanary run --setup`.\n',
      );
    }
    expect(await state()).toEqual(before);
  });

  test('a dry run needs none, beats --setup, finds what there is and writes nothing', async () => {
    const before = await state();
    const ended = await cli(['run', '--once', '--dry-run', '--setup', '--json', '--config', config]);
    expect({ code: ended.code, plain: plain(ended) }).toEqual({ code: 0, plain: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ dry_run: true, seen: 1, matched: 1, incidents: 1, alerts: 1 });
    const words = await cli(['run', '--dry-run', '--config', config]);
    expect(words.stdout).toMatch(/^Nothing was written\. A run would find 1 incidents in 1 events:\n {2}high +73 /);
    expect(await state()).toEqual(before);
  });

  test('status and doctor say so, and write nothing', async () => {
    const before = await state();
    const status = await cli(['status', '--check', '--config', config]);
    expect(status).toEqual({
      code: 1,
      stdout:
        'gap: minecanary is not set up on this Elasticsearch: run `minecanary setup`, or `minecanary run --setup`\n',
      stderr: '',
    });
    const doctor = await cli(['doctor', '--json', '--config', config]);
    expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({ code: 1, stderr: '' });
    const { checks } = JSON.parse(doctor.stdout) as { checks: { area: string; state: string; todo?: string }[] };
    expect(checks.filter(({ state: is }) => is === 'failed')).toMatchObject([
      { area: 'setup', todo: 'Run `minecanary setup`, or `minecanary run --setup`.' },
    ]);
    expect(checks.find(({ area }) => area === 'clock')).toMatchObject({ state: 'ok' });
    expect(await state()).toEqual(before);
  });

  test('a dry run of setup tells what it would do, and does nothing', async () => {
    const before = await state();
    const { code, stdout, stderr } = await cli(['setup', '--dry-run', '--config', config]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    for (const name of ['minecanary-matches', 'minecanary-incidents', 'logs-minecanary.alert', 'minecanary-units']) {
      expect(lines).toContain(`would install the index template ${name}`);
    }
    expect(lines).toContain('would create the index minecanary-units');
    expect(lines.at(-2)).toMatch(/^would map \d+ fields of the tag in logs-app-1$/);
    expect(lines.at(-1)).toBe(NO_PIPELINE);
    const json = await cli(['setup', '--dry-run', '--json', '--config', config]);
    expect(JSON.parse(json.stdout)).toMatchObject({ dry_run: true, changes: expect.any(Array), notes: [{}] });
    expect(await state()).toEqual(before);
  });
});

describe('run --setup', () => {
  test('beside templates that make data streams of all logs, writes alerts into a plain index', async () => {
    for (const [name, priority, pattern] of [
      ['logs', 100, 'logs-*-*'],
      ['logs-all', 200, 'logs-*-*'],
      ['logs-mine', 1200, 'logs-m*'],
    ] as const) {
      await client.indices.putIndexTemplate({ name, priority, index_patterns: [pattern], data_stream: {} });
    }
    // The URL alone suffices: the sources are logs-*, the lookups the shipped ones.
    const ended = await cli(['run', '--once', '--setup', '--json']);
    expect({ code: ended.code, plain: plain(ended) }).toEqual({ code: 0, plain: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      seen: 1,
      matched: 1,
      tagged: 1,
      incidents: 1,
      alerts: 1,
      failed: 0,
    });
    const { indices, data_streams: streams } = await client.indices.resolveIndex({
      name: '*',
      expand_wildcards: 'all',
    });
    expect(streams).toEqual([]);
    const shipped = new Set((await loadLookups([join(ROOT, 'lookups')])).map(({ name }) => name));
    const names = indices.map(({ name }) => name).sort();
    expect(names).toContain('sec-port-cryptomining');
    expect(names.filter((name) => !shipped.has(name))).toEqual([
      'logs-app-1',
      ALERTS_NOW,
      'minecanary-incidents',
      `minecanary-matches-${ALERTS_NOW.slice(-7)}`,
      'minecanary-units',
    ]);
    const mappings = await client.indices.getMapping({ index: ALERTS_NOW });
    expect(mappings[ALERTS_NOW]?.mappings).toMatchObject({ dynamic: 'strict', _meta: { layout: LAYOUT } });
  });

  test('a second setup changes nothing', async () => {
    const before = await state();
    const first = await cli(['setup']);
    expect(first).toEqual({ code: 0, stdout: `Everything is set up; nothing changes.\n${NO_PIPELINE}\n`, stderr: '' });
    const ended = await cli(['run', '--once', '--setup', '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ tagged: 0, incidents: 0, alerts: 0 });
    const { sequences: _, ...after } = (await state()) as Record<string, unknown>;
    expect(before).toMatchObject(after);
  });

  test('tells what it leaves alone, and why', async () => {
    await client.indices.create({
      index: 'logs-filtered',
      mappings: { _source: { excludes: ['secret'] } },
    });
    const before = await client.indices.getMapping({ index: 'logs-filtered' });
    const { code, stderr } = await cli(['run', '--once', '--setup']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/"log.level":"warn".*logs-filtered: its events are not tagged: _source is filtered/);
    const { stdout } = await cli(['setup']);
    expect(stdout).toMatch(/^note: logs-filtered: its events are not tagged: _source is filtered/m);
    expect(await client.indices.getMapping({ index: 'logs-filtered' })).toEqual(before);
  });
});

describe('two at once', () => {
  test('set up the same server', async () => {
    await client.indices.delete({ index: ['minecanary-units', 'minecanary-incidents'] });
    await client.indices.deleteIndexTemplate({ name: ['minecanary-units', 'minecanary-incidents'] });
    const both = await Promise.all([1, 2, 3].map(() => cli(['setup'])));
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual([1, 2, 3].map(() => ({ code: 0, stderr: '' })));
  });
});

const NEWER = `error: The indices of minecanary have layout ${LAYOUT + 1}, and this version knows ${LAYOUT} and older. Update minecanary.\n`;

describe('another layout', () => {
  test('that is older is refused by run, and brought up by setup', async () => {
    const { 'minecanary-incidents': old } = await client.indices.getMapping({ index: 'minecanary-incidents' });
    await client.indices.delete({ index: 'minecanary-incidents' });
    const { minecanary, ...rest } = old?.mappings.properties ?? {};
    const { highest: _, ...fields } = at(minecanary, 'properties') as Record<string, object>;
    const properties = { ...rest, minecanary: { type: 'object' as const, properties: fields as never } };
    await client.indices.create({ index: 'minecanary-incidents', mappings: { dynamic: 'strict', properties } });
    await layout(LAYOUT - 1);

    const refused = await cli(['run', '--once']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(plain(refused)).toBe(
      `error: The indices of minecanary have layout ${LAYOUT - 1}, and this version needs ${LAYOUT}. Run \`minecanary setup\`.\n`,
    );
    const { code, stdout } = await cli(['setup']);
    expect({ code, stdout: stdout.split('\n').filter((line) => !line.startsWith('note')) }).toEqual({
      code: 0,
      stdout: ['update the mapping of minecanary-incidents', 'update the mapping of minecanary-units', ''],
    });
    const ended = await cli([
      'run',
      '--once',
      '--json',
      '--from',
      daysAgo(2).slice(0, 10),
      '--to',
      daysAgo(0).slice(0, 10),
    ]);
    expect({ code: ended.code, plain: plain(ended) }).toEqual({ code: 0, plain: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ incidents: 1, failed: 0 });
  });

  test('that is newer is refused by run and setup, and left as it is', async () => {
    await layout(LAYOUT + 1);
    const before = await state();
    for (const args of [['run', '--once'], ['run', '--once', '--setup'], ['setup']]) {
      const ended = await cli(args);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(plain(ended)).toBe(NEWER);
    }
    expect(await state()).toEqual(before);
    await layout(LAYOUT);
  });

  test.each<[string, (number: number) => Promise<unknown>]>([
    ['a template', newerTemplate],
    ['an index beside the units', (number) => layout(number, 'minecanary-incidents')],
  ])('that is newer in %s alone is not put back by setup', async (_, put) => {
    await put(LAYOUT + 1);
    const before = await state();
    const ended = await cli(['setup']);
    expect({ code: ended.code, plain: plain(ended) }).toEqual({
      code: 2,
      plain: NEWER,
    });
    expect(await state()).toEqual(before);
    await put(LAYOUT);
    expect(await cli(['setup'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('init', () => {
  test('writes a configuration that doctor finds good, and a run takes', async () => {
    const out = join(folder.path, 'init.yml');
    const ended = await cli(['init', '--out', out, '--json']);
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    const { sources } = JSON.parse(ended.stdout) as { sources: { name: string; index: string }[] };
    expect(sources).toMatchObject([{ name: 'logs', index: 'logs-*', documents: 1 }]);
    const doctor = await cli(['doctor', '--config', out]);
    expect({ code: doctor.code, stderr: doctor.stderr }).toEqual({ code: 0, stderr: '' });
    expect(doctor.stdout).toMatch(/, 0 failed\n$/);
    const run = await cli(['run', '--once', '--json', '--config', out]);
    expect({ code: run.code, plain: plain(run) }).toEqual({ code: 0, plain: '' });
    expect(await cli(['status', '--check', '--config', out])).toMatchObject({ code: 0, stderr: '' });
  });
});
