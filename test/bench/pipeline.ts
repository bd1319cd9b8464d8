import type { Tables } from '../../src/lookups/compile.ts';
import { pipelineOf } from '../support/ingest.ts';
import { type IngestEngine, startIngestEngine } from '../support/ingest-engine/engine.ts';
import { sampleEvents } from '../support/sample/index.ts';
import { MINING, tablesOf } from '../support/tables.ts';
import { alternate, report, timedAsync } from './rounds.ts';

const ROUNDS = 11;
const BATCH = 2000;
const BATCHES = 4;

/** Indices as logs have them: strings are keywords, messages are texts. */
const MAPPINGS = {
  dynamic_templates: [
    { ports: { match: '*port', mapping: { type: 'integer', ignore_malformed: true } } },
    { messages: { match: 'message', mapping: { type: 'text' } } },
    { addresses: { match: 'ip', mapping: { type: 'ip', ignore_malformed: true } } },
    { strings: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } },
  ],
};
/** What every pipeline costs, whatever it does: the source is read and written anew. */
const IDLE = { processors: [{ set: { field: 'idle', value: true, if: 'false' } }] };

/** 10,000 indicators: names, addresses and networks that nobody has, and some of every kind. */
function tables(): Tables {
  const domain = Array.from({ length: 7000 }, (_, i) => `pool${i}.mine${(i * 7919) % 7000}-example.com`);
  const address = Array.from({ length: 2800 }, (_, i) => `45.${i >> 8}.${i & 255}.7`);
  const network = Array.from({ length: 200 }, (_, i) => `45.200.${i}.0/24`);
  return tablesOf({ ...MINING, domain, address: [...address, ...network] });
}

interface Bulk {
  readonly errors: boolean;
  readonly items: readonly { readonly index: { readonly error?: unknown } }[];
}

/** Bodies of bulk requests; every event once in all of them, more often where there are too few. */
function bulks(): string[] {
  const texts = [...sampleEvents({ seed: 7, end: new Date('2026-11-24T00:00:00Z') })].map(({ document }) =>
    JSON.stringify(document),
  );
  return Array.from({ length: BATCHES }, (_, batch) =>
    Array.from({ length: BATCH }, (_one, i) => `{"index":{}}\n${texts[(batch * BATCH + i) % texts.length]}\n`).join(''),
  );
}

/** Indexes every batch, two at a time, into an index of its own; only the indexing is timed. */
async function index(engine: IngestEngine, bodies: readonly string[], pipeline?: string): Promise<number> {
  await engine.ask('PUT', '/bench', {
    settings: { number_of_replicas: 0, refresh_interval: -1, 'mapping.total_fields.limit': 5000 },
    mappings: MAPPINGS,
  });
  const path = `/bench/_bulk${pipeline === undefined ? '' : `?pipeline=${pipeline}`}`;
  const waiting = [...bodies];
  const send = async (): Promise<void> => {
    for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
      const { errors, items } = await engine.ask<Bulk>('POST', path, body);
      if (errors) throw new Error(`The bench: ${JSON.stringify(items.find(({ index: { error } }) => error))}`);
    }
  };
  const time = await timedAsync(() => Promise.all([send(), send()]));
  await engine.ask('DELETE', '/bench');
  return time;
}

/** Indexing through the ingest pipeline against indexing without, and a pipeline that does nothing against that. */
export async function benchPipeline(): Promise<void> {
  const engine = await startIngestEngine();
  try {
    await engine.ask('PUT', '/_ingest/pipeline/ours', pipelineOf(tables()));
    await engine.ask('PUT', '/_ingest/pipeline/idle', IDLE);
    const bodies = bulks();
    const documents = BATCH * BATCHES;
    const unit = (ms: number): string => `${Math.round((documents / ms) * 1000).toLocaleString('en')}/s`;
    // The engine's own compiler takes its time.
    for (let i = 0; i < 8; i += 1) for (const name of [undefined, 'idle', 'ours']) await index(engine, bodies, name);
    for (const [name, what] of [
      ['ours', 'indexing through the pipeline, 10,000 indicators, against without'],
      ['idle', 'indexing through a pipeline that does nothing, against without'],
    ] as const) {
      const sides = await alternate(
        ROUNDS,
        () => index(engine, bodies, name),
        () => index(engine, bodies),
      );
      report(what, sides, unit);
    }
  } finally {
    await engine.stop();
  }
}
