import { type Stage, type Tag, tagOf } from '../../src/matcher/enrich.ts';
import { eventReason } from '../../src/matcher/sentence.ts';
import type { EventDocument } from '../../src/model/event.ts';
import type { Evidence } from '../../src/model/match.ts';
import { matcherOf } from './tables.ts';

export type Json = Readonly<Record<string, unknown>>;

export const SEEN = { first_seen: '2024-01-02', last_seen: '2026-03-04' };
const matcher = matcherOf({
  port: [3333, 4444],
  domain: [{ value: 'minexmr.com', confidence: 'high', note: 'closed in 2022', ...SEEN }],
  address: [
    '94.130.12.0/24',
    { value: '37.59.43.131', confidence: 'low' },
    { value: '37.59.43.131', port: 14444 },
    { value: '2001:41d0::5', port: 443 },
  ],
});

export function evidenceOf(event: EventDocument): Evidence {
  const evidence = matcher.match(event);
  if (evidence === undefined) throw new Error(`nothing matches in ${JSON.stringify(event)}`);
  return evidence;
}

export interface Made {
  readonly lookups?: string;
  readonly stage?: Stage;
  readonly incidentId?: string;
  readonly at?: string;
}

export function made(event: EventDocument, { lookups = 'digest-a', stage = 'worker', incidentId, at }: Made = {}): Tag {
  const evidence = evidenceOf(event);
  const reason = eventReason(evidence);
  const taggedAt = at ?? '2026-11-24T10:00:00.000Z';
  return tagOf(evidence, { lookups, stage, incidentId, tagged: taggedAt, version: '1.0.0', reason });
}

export const LOOKED_UP = { source: { ip: '10.1.2.3' }, dns: { question: { name: 'pool.minexmr.com' } } };
export const CONNECTED = {
  source: { ip: '10.1.2.3', port: 3333 },
  destination: { ip: '37.59.43.131', port: 14444, nat: { ip: '94.130.12.9', port: 4444 } },
  dns: { question: { name: 'pool.minexmr.com' } },
};
export const LATER = { lookups: 'digest-b', at: '2026-11-25T11:00:00.000Z' };
export const TAG = made(LOOKED_UP, { incidentId: 'incident-1' });

export function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object')
    for (const inner of Object.values(Object.freeze(value))) frozen(inner);
  return value;
}

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A partial `doc` update as Elasticsearch does it: objects merge, all else is replaced. */
export function merged(source: Json, doc: Json): Json {
  const result = new Map(Object.entries(source));
  for (const [key, value] of Object.entries(doc)) {
    const old = result.get(key);
    result.set(key, isObject(old) && isObject(value) ? merged(old, value) : value);
  }
  return Object.fromEntries(result);
}

/** Every scalar of a document with its field name, whatever the spelling, in order. */
export function flat(value: unknown, name?: string): [string, unknown][] {
  if (Array.isArray(value)) return value.flatMap((inner) => flat(inner, name));
  if (!isObject(value)) return value === null ? [] : [[name ?? '', value]];
  return Object.entries(value).flatMap(([key, inner]) => flat(inner, name === undefined ? key : `${name}.${key}`));
}

export function valuesOf(document: unknown, field: string): unknown[] {
  return flat(document)
    .filter(([name]) => name === field)
    .map(([, value]) => value);
}

/** Whether all of `before` stands in `after` in its place, old values first. */
export function isKept(before: unknown, after: unknown): boolean {
  if (before === null || (Array.isArray(before) && before.length === 0)) return true;
  if (Array.isArray(before)) return Array.isArray(after) && before.every((one, i) => isKept(one, after[i]));
  const same = Array.isArray(after) ? (after as unknown[])[0] : after;
  if (!isObject(before)) return Object.is(before, same);
  return (
    isObject(same) && Object.entries(before).every(([key, one]) => Object.hasOwn(same, key) && isKept(one, same[key]))
  );
}

export function foreign(document: Json): Json {
  return Object.fromEntries(Object.entries(document).filter(([key]) => key.split('.')[0] !== 'minecanary'));
}
