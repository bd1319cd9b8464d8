/** What an event becomes at ingest, and what the matcher makes of it. */
import { isDeepStrictEqual } from 'node:util';
import { enrichPipeline, type IngestPipeline, type PipelineOptions } from '../../src/convert/pipeline/pipeline.ts';
import type { Tables } from '../../src/lookups/compile.ts';
import { CATALOGUE, CONTEXT_FIELDS } from '../../src/matcher/catalogue.ts';
import { tagOf } from '../../src/matcher/enrich.ts';
import { incidentId } from '../../src/matcher/incident.ts';
import type { Matcher } from '../../src/matcher/match.ts';
import { eventReason } from '../../src/matcher/sentence.ts';
import { tagged } from '../../src/matcher/tag.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import { dayOf } from '../../src/model/time.ts';
import { enrichScript } from '../../src/setup/enrich-script.ts';
import type { IngestEngine } from './ingest-engine/engine.ts';
import { flat, isObject, type Json } from './tags.ts';

const OPTIONS: PipelineOptions = {
  version: '1.0.0',
  policy: DEFAULT_POLICY,
  retention: 395 * 86_400_000,
  minScore: 1,
};

export function pipelineOf(tables: Tables, policy: Partial<Policy> = {}): IngestPipeline {
  return enrichPipeline(tables, enrichScript(), { ...OPTIONS, policy: { ...DEFAULT_POLICY, ...policy } });
}

interface Simulated {
  readonly docs: readonly { readonly doc?: { readonly _source: Json }; readonly error?: unknown }[];
}

/** What the pipeline `name` makes of each event. */
export async function simulate(engine: IngestEngine, name: string, texts: readonly string[]): Promise<Json[]> {
  const made: Json[] = [];
  for (let start = 0; start < texts.length; start += 500) {
    const docs = texts.slice(start, start + 500).map((text) => `{"_source":${text}}`);
    const body = `{"docs":[${docs.join()}]}`;
    const { docs: results } = await engine.ask<Simulated>('POST', `/_ingest/pipeline/${name}/_simulate`, body);
    for (const { doc, error } of results) {
      if (doc === undefined) throw new Error(`An event was refused: ${JSON.stringify(error)}`);
      made.push(doc._source);
    }
  }
  return made;
}

/** What each event has become once it is indexed through the pipeline `name`. */
export async function indexed(engine: IngestEngine, name: string, texts: readonly string[]): Promise<Json[]> {
  const index = `indexed-${name}`;
  await engine.ask('PUT', `/${index}`, { mappings: { enabled: false }, settings: { number_of_replicas: 0 } });
  const lines = texts.map((text, i) => `{"index":{"_id":"${i}"}}\n${text}\n`);
  const path = `/${index}/_bulk?pipeline=${name}&refresh=true`;
  const { errors } = await engine.ask<{ errors: boolean }>('POST', path, lines.join(''));
  if (errors) throw new Error('An event was refused.');
  const ids = texts.map((_, i) => String(i));
  const { docs } = await engine.ask<{ docs: { _source: Json }[] }>('POST', `/${index}/_mget`, { ids });
  await engine.ask('DELETE', `/${index}`);
  return docs.map(({ _source }) => _source);
}

/**
 * What the event should have become.
 *
 * @param at when it was tagged, as the pipeline says.
 */
export function expectedOf(event: EventDocument, matcher: Matcher, at: string): EventDocument {
  const evidence = matcher.match(event);
  if (evidence === undefined || evidence.excepted !== undefined || evidence.score < OPTIONS.minScore) return event;
  const day = dayOf(evidence.time, { now: Date.parse(at), retention: OPTIONS.retention });
  const tag = tagOf(evidence, {
    version: OPTIONS.version,
    lookups: matcher.tables.digest,
    stage: 'ingest',
    incidentId: incidentId(evidence.scope, evidence.entity, day),
    tagged: at,
    reason: eventReason(evidence),
  });
  return tagged(event, tag);
}

/** When the pipeline says it tagged a document, in whatever spelling; the beginning of time where it did not. */
export function taggedAt(document: Json): string {
  const [, time] = flat(document).findLast(([name]) => name === 'minecanary.tagged') ?? [];
  return typeof time === 'string' ? time : '1970-01-01T00:00:00.000Z';
}

/** How what the pipeline made of events stands to what the matcher makes of them. */
export interface Differences {
  /** Neither what the matcher says, nor left to the worker for a reason the event gives. */
  readonly wrong: readonly unknown[];
  readonly tagged: number;
  /** Events left to the worker, by reason. */
  readonly left: ReadonlyMap<string, number>;
}

/** @param made what the pipeline made of each text. */
export function differences(texts: readonly string[], made: readonly Json[], matcher: Matcher): Differences {
  const wrong: unknown[] = [];
  const left = new Map<string, number>();
  let tags = 0;
  for (const [i, text] of texts.entries()) {
    const event = JSON.parse(text) as EventDocument;
    const document = made[i] ?? {};
    const expected = expectedOf(event, matcher, taggedAt(document));
    if (isDeepStrictEqual(document, expected)) {
      if (expected !== event) tags += 1;
      continue;
    }
    const reasons = isDeepStrictEqual(document, event) ? reasonsToLeave(event) : [];
    if (reasons.length === 0) wrong.push({ event, document, expected });
    for (const reason of reasons) left.set(reason, (left.get(reason) ?? 0) + 1);
  }
  return { wrong: wrong.slice(0, 3), tagged: tags, left };
}

const NAMES = new Set(['name', 'host', 'registered', 'certificate', 'url', 'answer', 'answers']);
const KINDS = new Map(CATALOGUE.map(({ field, kind }) => [field, kind as string]));
const READ = new Set([...KINDS.keys(), ...Object.values(CONTEXT_FIELDS), '@timestamp']);
const TAG_ROOTS = /^(tags|threat|minecanary)\b/;

/** Names of LEFT_TO_THE_WORKER that an event gives a reason for. */
function reasonsToLeave(event: EventDocument): string[] {
  const reasons = new Set<string>();
  for (const [field, value] of flat(event)) {
    if (typeof value === 'string') {
      const kind = KINDS.get(field) ?? '';
      // oxlint-disable-next-line no-control-regex
      if ((NAMES.has(kind) || field === 'client.address') && /[^\0-\x7f]/.test(value)) reasons.add('international');
      if (READ.has(field) && /^\s*0[xob]/i.test(value)) reasons.add('numbers');
      if (value.length > 1024 && /[\ud800-\udbff]/.test(value)) reasons.add('cut');
    } else if (READ.has(field) && typeof value === 'number' && !Number.isSafeInteger(value)) reasons.add('numbers');
  }
  if (hasTwoSpellings(event)) reasons.add('spellings');
  return [...reasons];
}

function hasTwoSpellings(event: EventDocument): boolean {
  const routes = new Map<string, string>();
  const walk = (value: unknown, name: string, route: string): boolean => {
    if (Array.isArray(value)) return value.some((item) => walk(item, name, route));
    if (name !== '' && (READ.has(name) || TAG_ROOTS.test(name))) {
      const before = routes.get(name);
      if (before !== undefined && before !== route) return true;
      routes.set(name, route);
    }
    if (!isObject(value)) return false;
    return Object.entries(value).some(([key, inner]) =>
      walk(inner, name === '' ? key : `${name}.${key}`, `${route}/${key}`),
    );
  };
  return walk(event, '', '');
}
