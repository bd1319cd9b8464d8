import type { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { VERSION } from '../../../src/config/version.ts';
import { PIPELINE } from '../../../src/convert/pipeline/pipeline.ts';
import { connect } from '../../../src/elastic/client.ts';
import type { Tables } from '../../../src/lookups/compile.ts';
import { planOfLookups } from '../../../src/setup/of-lookups.ts';
import { createRefresh } from '../../../src/setup/refresh.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { type IngestEngine, startIngestEngine } from '../../support/ingest-engine/engine.ts';
import { type NewerEngine, startNewer } from '../../support/ingest-engine/newer.ts';
import { tablesOf } from '../../support/tables.ts';

let engine: IngestEngine;
let server: NewerEngine;
let client: Client;
beforeAll(async () => {
  engine = await startIngestEngine();
  server = await startNewer(engine);
  client = connect({ node: [server.url] });
});
afterAll(async () => {
  await client.close();
  await server.close();
  await engine.stop();
});
beforeEach(() => client.ingest.deletePipeline({ id: PIPELINE }, { ignore: [404] }).then(() => undefined));

const FEW = { 'command-line': ['--donate-level'], url: ['ads.example/m/'] } as const;
const MORE = { ...FEW, url: ['ads.example/m/', 'cdn.example/lib/miner.js'], signature: ['Cryptomining'] } as const;
/** Every event here holds it. */
const MINED = { process: { command_line: 'x --donate-level 1' } };

function configOf(own: object = {}): Config {
  return loadConfig({ env: {}, file: 'test.json', read: () => ({ text: JSON.stringify(own), mode: 0o600 }) });
}

async function plan(tables: Tables, create = true) {
  const notes: { index: string; note: string }[] = [];
  const changes = await planOfLookups({ client, config: configOf(), tables }, notes, { create });
  return { changes, what: changes.map(({ what }) => what), notes: notes.map(({ note }) => note) };
}

async function install(tables: Tables): Promise<string[]> {
  const { changes, what, notes } = await plan(tables);
  for (const { apply } of changes) await apply();
  expect(notes).toEqual([]);
  return what;
}

async function installed() {
  return (await client.ingest.getPipeline({ id: PIPELINE }))[PIPELINE];
}

/** What an event becomes in it. */
async function enriched(): Promise<Record<string, unknown> | undefined> {
  const { docs } = await client.ingest.simulate({ id: PIPELINE, docs: [{ _source: MINED }] });
  return docs[0]?.doc?._source;
}

/** @param bytes of a script; null for as many as usual. */
function limitScripts(bytes: number | null) {
  return client.cluster.putSettings({ transient: { 'script.max_size_in_bytes': bytes } });
}

describe('setup', () => {
  test('installs it, with its version, and changes nothing a second time', async () => {
    const tables = tablesOf(FEW);
    const dry = await plan(tables);
    expect(dry.what).toEqual([
      expect.stringMatching(
        /^create the ingest pipeline minecanary-enrich: version [\d.]+, digest [0-9a-f]{32}, 2 indicators$/,
      ),
    ]);
    await expect(installed()).rejects.toMatchObject({ statusCode: 404 });

    await install(tables);
    const digest = dry.what[0]?.match(/digest (\w+)/)?.[1];
    expect((await installed())?._meta).toEqual({
      managed_by: 'minecanary',
      version: VERSION,
      digest,
      indicators: { 'test-command-line': 1, 'test-url': 1 },
    });
    expect(await enriched()).toMatchObject({ minecanary: { stage: 'ingest', lookups: tables.digest } });
    expect(await plan(tables)).toMatchObject({ what: [], notes: [] });
  });

  test('replaces it where the lookups changed, and tells the difference before', async () => {
    await install(tablesOf(FEW));
    const { what } = await plan(tablesOf(MORE));
    expect(what).toEqual([
      expect.stringMatching(
        /^replace .*: version [\d.]+, digest \w+ -> \w+, indicators of test-signature 0 -> 1, test-url 1 -> 2$/,
      ),
    ]);
    expect((await plan(tablesOf(FEW))).what).toEqual([]);
    await install(tablesOf(MORE));
    expect(await enriched()).toMatchObject({ minecanary: { lookups: tablesOf(MORE).digest } });
  });

  test('replaces one of an older version', async () => {
    await install(tablesOf(FEW));
    server.meta.set(PIPELINE, { managed_by: 'minecanary', version: '0.0.9', digest: 'd', indicators: {} });
    expect(await install(tablesOf(FEW))).toEqual([
      expect.stringContaining(`version 0.0.9 -> ${VERSION}, digest d -> `),
    ]);
    expect((await plan(tablesOf(FEW))).what).toEqual([]);
  });

  test('mends one that was changed by hand', async () => {
    await install(tablesOf(FEW));
    const { description, processors } = (await installed()) ?? {};
    const meta = server.meta.get(PIPELINE);
    await engine.ask('PUT', `/_ingest/pipeline/${PIPELINE}`, { description, processors });
    expect(server.meta.get(PIPELINE)).toBe(meta);
    expect(await install(tablesOf(FEW))).toEqual([expect.stringContaining('changed since it was made')]);
    expect((await installed())?.on_failure).toHaveLength(1);
  });

  test('takes over one that was stored from the file', async () => {
    await install(tablesOf(FEW));
    server.meta.delete(PIPELINE);
    expect(await install(tablesOf(FEW))).toEqual([expect.stringMatching(/^replace the .* 2 indicators$/)]);
  });

  test('loses no event while it replaces it', async () => {
    await install(tablesOf(FEW));
    const stop = new AbortController();
    const outcomes: { readonly errors: boolean; readonly items: readonly object[] }[] = [];
    const writing = (async () => {
      while (!stop.signal.aborted) {
        const lines = `${JSON.stringify({ index: {} })}\n${JSON.stringify(MINED)}\n`.repeat(20);
        outcomes.push(await engine.ask('POST', `/events/_bulk?pipeline=${PIPELINE}`, lines));
      }
    })();
    for (let i = 0; i < 6; i += 1) {
      const before = outcomes.length;
      await install(tablesOf(i % 2 === 0 ? MORE : FEW));
      while (outcomes.length === before) await new Promise((resolve) => setImmediate(resolve));
    }
    stop.abort();
    await writing;
    expect(outcomes.filter(({ errors }) => errors)).toEqual([]);
    await engine.ask('POST', '/events/_refresh');
    const count = (digest: string) =>
      engine.ask<{ count: number }>('POST', '/events/_count', {
        query: { term: { 'minecanary.lookups.keyword': digest } },
      });
    const [few, more] = [await count(tablesOf(FEW).digest), await count(tablesOf(MORE).digest)];
    expect(few.count + more.count).toBe(outcomes.length * 20);
    expect(Math.min(few.count, more.count)).toBeGreaterThan(0);
  });
});

describe('setup leaves alone, with a note,', () => {
  test('a pipeline of somebody else', async () => {
    const theirs = { description: 'ours', processors: [{ set: { field: 'a', value: 1 } }] };
    await client.ingest.putPipeline({ id: PIPELINE, ...theirs });
    expect(await plan(tablesOf(FEW))).toMatchObject({ what: [], notes: [expect.stringContaining('did not make')] });
    expect(await installed()).toMatchObject(theirs);
  });

  test.each(['100.0.0', VERSION.replace(/\d+$/, (last) => String(Number(last) + 10))])(
    'a pipeline of the newer version %s',
    async (version) => {
      await install(tablesOf(FEW));
      server.meta.set(PIPELINE, { managed_by: 'minecanary', version, digest: 'd' });
      const { what, notes } = await plan(tablesOf(MORE));
      expect(what).toEqual([]);
      expect(notes).toEqual([expect.stringContaining(`minecanary ${version} made it, which is newer`)]);
    },
  );

  test('a server that does not take such a script', async () => {
    await limitScripts(1000);
    try {
      const { what, notes } = await plan(tablesOf(FEW));
      expect(what).toEqual([]);
      expect(notes).toEqual([expect.stringMatching(/^it can't run here: .*script size.*; the worker tags instead$/)]);
    } finally {
      await limitScripts(null);
    }
  });

  test('more indicators than a pipeline holds', async () => {
    const domain = Array.from({ length: 50_000 }, (_, i) => `pool-number-${i}.example.org`);
    await install(tablesOf(FEW));
    // The engine has no indices of mode lookup.
    const { notes } = await plan(tablesOf({ domain }), false);
    expect(notes).toEqual([expect.stringContaining('leave large lookups out of it, such as test-domain (50000)')]);
    expect(await enriched()).toMatchObject({ minecanary: { stage: 'ingest' } });
  });
});

/** What a worker does before a run, and what it logs. */
function worker() {
  const lines: string[] = [];
  const log = createLog({ stream: { write: (text) => lines.push(text) }, json: false, level: 'info' });
  return { lines, run: createRefresh({ client, config: configOf(), log }) };
}

describe('a worker', () => {
  test('brings it up to date where the lookups changed, and asks only then', async () => {
    await install(tablesOf(FEW));
    const { lines, run } = worker();
    const [few, more] = [tablesOf(FEW), tablesOf(MORE)];
    await run(few);
    expect(lines).toEqual([]);
    await run(more);
    expect(lines).toEqual([expect.stringContaining('The lookups changed: replace the ingest pipeline')]);
    expect(await enriched()).toMatchObject({ minecanary: { lookups: more.digest } });
    const asked = server.requests.length;
    await run(more);
    expect(server.requests.length).toBe(asked);
  });

  test('makes none', async () => {
    const { lines, run } = worker();
    await run(tablesOf(FEW));
    expect(lines).toEqual([]);
    await expect(installed()).rejects.toMatchObject({ statusCode: 404 });
  });
});
