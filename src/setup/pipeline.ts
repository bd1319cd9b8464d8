import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Client, estypes } from '@elastic/elasticsearch';
import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { enrichPipeline, type IngestPipeline, indicatorsIn, PIPELINE } from '../convert/pipeline/pipeline.ts';
import { isMissing } from '../elastic/errors.ts';
import type { Tables } from '../lookups/compile.ts';
import { SinkError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import { enrichScript } from './enrich-script.ts';
import type { Note } from './fields.ts';
import type { Change, Making } from './install.ts';
import { orNote } from './or-note.ts';

const OWNER = 'minecanary';

/** What tells a pipeline of ours, and which one it is. */
interface Meta {
  readonly managed_by: typeof OWNER;
  /** minecanary's own. */
  readonly version: string;
  /** Of the pipeline without this. */
  readonly digest: string;
  /** Number of indicators by lookup. */
  readonly indicators: Readonly<Record<string, number>>;
}

export interface WantedPipeline {
  readonly body: IngestPipeline;
  readonly meta: Meta;
}

/**
 * The pipeline that these lookups ask for.
 *
 * @param policy what holds for the events of all sources.
 * @throws LookupError where it would be too large.
 */
export function wantedPipeline({ retention, tags }: Config, policy: Policy, tables: Tables): WantedPipeline {
  const options = { version: VERSION, policy, retention, minScore: tags.min_score };
  const body = enrichPipeline(tables, enrichScript(), options);
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32);
  return { body, meta: { managed_by: OWNER, version: VERSION, digest, indicators: indicatorsIn(body) } };
}

/**
 * The change that installs or replaces the pipeline, where it is missing or differs; it is attached to no index. One of
 * somebody else, or of a newer minecanary, is left alone. Whether the server can run it is asked before. What
 * Elasticsearch refuses is a note, since the worker tags without it.
 */
export async function planPipeline(
  client: Client,
  wanted: WantedPipeline,
  notes: Note[],
  { create }: Making = { create: true },
): Promise<Change[]> {
  const change = await orNote(notes, PIPELINE, unkept, async () => {
    const present = await presentPipeline(client);
    if (present !== undefined) return planReplace(client, present, wanted, notes);
    return create ? { what: `create ${describe(wanted)}`, apply: () => put(client, wanted) } : undefined;
  });
  if (change === undefined) return [];
  const runs = await orNote(notes, PIPELINE, unfit, () => tryOut(client, wanted));
  return runs === undefined ? [] : [{ ...change, apply: () => orNote(notes, PIPELINE, unkept, change.apply) }];
}

function unkept(reason: string): string {
  return `it can't be kept up to date: ${reason}; the worker tags instead`;
}

function unfit(reason: string): string {
  return `it can't run here: ${reason}; the worker tags instead`;
}

type Present = estypes.IngestPipeline;

async function presentPipeline(client: Client): Promise<Present | undefined> {
  try {
    return (await client.ingest.getPipeline({ id: PIPELINE }))[PIPELINE];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Undefined where nothing is to be replaced. */
function planReplace(client: Client, present: Present, wanted: WantedPipeline, notes: Note[]): Change | undefined {
  const { description, processors, on_failure } = present;
  const meta = (present._meta ?? {}) as Partial<Meta>;
  if (meta.managed_by !== OWNER && description !== wanted.body.description) {
    notes.push({
      index: PIPELINE,
      note: 'a pipeline of this name is there that minecanary did not make: it is left alone',
    });
    return undefined;
  }
  if (meta.version !== undefined && isNewer(meta.version, VERSION)) {
    const note = `minecanary ${meta.version} made it, which is newer than this one, ${VERSION}: it is left alone`;
    notes.push({ index: PIPELINE, note });
    return undefined;
  }
  const isSame = isDeepStrictEqual({ description, processors, on_failure }, wanted.body);
  if (isSame && meta.digest === wanted.meta.digest && meta.version === VERSION) return undefined;
  return { what: `replace ${describe(wanted, meta)}`, apply: () => put(client, wanted) };
}

/** Whether a version (`1.10.0`) is newer than another; what stands behind a hyphen does not count. */
function isNewer(version: string, than: string): boolean {
  const [core = '', other = ''] = [version, than].map((text) => text.split('-', 1)[0]);
  return core.localeCompare(other, 'en', { numeric: true }) > 0;
}

/** @param before of the pipeline that is there; without one, none is. */
function describe({ meta }: WantedPipeline, before?: Partial<Meta>): string {
  const total = Object.values(meta.indicators).reduce((sum, count) => sum + count, 0);
  const name = `the ingest pipeline ${PIPELINE}`;
  if (before?.digest === undefined) {
    return `${name}: version ${meta.version}, digest ${meta.digest}, ${total} indicators`;
  }
  const { version, digest, indicators = {} } = before;
  const lookups = [...new Set([...Object.keys(indicators), ...Object.keys(meta.indicators)])].toSorted();
  const counts = lookups
    .map((lookup) => [lookup, indicators[lookup] ?? 0, meta.indicators[lookup] ?? 0] as const)
    .filter(([, old, fresh]) => old !== fresh)
    .map(([lookup, old, fresh]) => `${lookup} ${old} -> ${fresh}`);
  return [
    `${name}: version ${version === meta.version ? version : `${version} -> ${meta.version}`}`,
    digest === meta.digest ? `digest ${digest}, changed since it was made` : `digest ${digest} -> ${meta.digest}`,
    counts.length === 0 ? `${total} indicators` : `indicators of ${counts.join(', ')}`,
  ].join(', ');
}

/** One request: an event under way goes through the old pipeline or through the new one. */
async function put(client: Client, wanted: WantedPipeline): Promise<void> {
  await client.ingest.putPipeline({ id: PIPELINE, ...bodyOf(wanted) });
}

function bodyOf({ body, meta }: WantedPipeline): Present {
  return { ...body, _meta: meta } as unknown as Present;
}

/**
 * Lets the server run it on one event: it may lack Painless, or forbid scripts, or such long ones.
 *
 * @throws what the server refuses, or says of the event.
 */
async function tryOut(client: Client, wanted: WantedPipeline): Promise<true> {
  const { docs } = await client.ingest.simulate({ pipeline: bodyOf(wanted), docs: [{ _source: PROBE }] });
  const { doc, error } = docs[0] ?? {};
  const left = doc?._source['minecanary'] as { error?: string } | undefined;
  const reason = error?.reason ?? left?.error;
  if (reason !== undefined) throw new SinkError(reason, { code: 'sink_failed' });
  return true;
}

/** Any event does. */
const PROBE = { message: 'minecanary' };
