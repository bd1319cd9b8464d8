/** Copies of one sample, each with names of its own, and what they have in common once a pass went over them. */
import type { estypes } from '@elastic/elasticsearch';
import { expect } from '@jest/globals';
import type { RunOutcome } from '../../../src/worker/run.ts';
import { elasticsearchUrl } from '../elasticsearch.ts';
import { onePass, thirdOf } from '../one-pass.ts';
import { type SampleEvent, sampleEvents } from '../sample/index.ts';
import { at, type Corner, daysAgo, openCorner, type Stored } from '../worker.ts';

type Json = Readonly<Record<string, unknown>>;

const HOUR = 3_600_000;

/** All of one day: whether an alert stands for a later day depends on when the days are seen. */
export const EVENTS: readonly SampleEvent[] = [
  ...sampleEvents({
    seed: 11,
    end: new Date(daysAgo(1, '23:00:00.000Z')),
    span: 22 * HOUR,
    perSource: 14,
    miningShare: 0.5,
  }),
];

/** Puts events into a copy, over what is there; with `arrived`, as if they had arrived then. */
export async function put(copy: Corner, events: readonly SampleEvent[], arrived?: string): Promise<void> {
  const operations = events.flatMap(({ source, id, document }) => {
    const event = { ...(document['event'] as Json), ingested: arrived };
    const place = { index: { _index: thirdOf(copy.name, source), _id: id } };
    return [place, arrived === undefined ? document : { ...document, event }];
  });
  const { errors, items } = await copy.client.bulk({ operations, refresh: true });
  if (errors) throw new Error(JSON.stringify(items.find(({ index }) => index?.error !== undefined)));
}

/** @param settings of its indices, over those of the tests' indices. */
export async function copyOf(
  events: readonly SampleEvent[] = EVENTS,
  settings: estypes.IndicesIndexSettings = {},
): Promise<Corner> {
  const copy = await openCorner();
  for (const third of new Set(events.map(({ source }) => thirdOf(copy.name, source)))) {
    await copy.index(third.slice(copy.name.length), { settings });
  }
  await put(copy, events);
  return copy;
}

/** Makes a copy as new: a good deal faster than another one. With `events`, it holds no others. */
export async function renew(copy: Corner, events: readonly SampleEvent[] = EVENTS): Promise<void> {
  await copy.forget();
  const gone = EVENTS.filter((event) => !events.includes(event));
  const operations = gone.map(({ source, id }) => ({ delete: { _index: thirdOf(copy.name, source), _id: id } }));
  if (operations.length > 0) await copy.client.bulk({ operations });
  await put(copy, events);
}

/** One pass that nothing disturbs. */
export async function passOver(copy: Corner): Promise<RunOutcome> {
  return onePass({ name: copy.name, url: elasticsearchUrl() });
}

/** Most passes until all is settled: others load the server too. */
const MOST_PASSES = 8;

/** Passes until one has nothing left to do again. */
export async function passed(copy: Corner): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { errors, failures, refusals } = await passOver(copy);
    if (attempt < MOST_PASSES && errors.length > 0 && errors.every(({ retryable }) => retryable)) continue;
    expect({ errors, failures, refusals }).toEqual({ errors: [], failures: [], refusals: [] });
    return;
  }
}

/** Names of fields that hold when something was written, or a digest over the copy's own scope. */
const OWN = new Set(['tagged', 'updated', 'occurred', 'ingested', 'created', 'digest']);

/** What copies have in common of a document. */
function shared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shared);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).flatMap(([key, own]) => (OWN.has(key) ? [] : [[key, shared(own)] as const]));
  // Of an object that held nothing else, nothing is left.
  return Object.fromEntries(kept.filter(([, own]) => JSON.stringify(own) !== '{}'));
}

export type Contents = Readonly<Record<string, unknown>>;

/** All that a copy holds, without times of writing, with words in place of names and ids of its own. */
export async function contentsOf(copy: Corner): Promise<Contents> {
  const [events, matches, incidents, alerts] = await Promise.all([
    copy.events(),
    copy.matches(),
    copy.incidents(),
    copy.alerts(),
  ]);
  const words = new Map<string, string>([[copy.name, 'COPY']]);
  for (const { id, source } of incidents) {
    const [entity, day] = ['minecanary.entity.name', 'minecanary.day'].map((path) => String(at(source, path)));
    words.set(id, `incident of ${entity} on ${day}`);
    words.set(String(at(source, 'minecanary.entity.id')), `entity ${entity}`);
  }
  const pattern = new RegExp([...words.keys()].join('|'), 'g');
  const worded = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(pattern, (own) => words.get(own) ?? own)) as T;
  const plain = (some: readonly Stored<unknown>[], idOf: (one: Stored<unknown>) => unknown): Record<string, unknown> =>
    Object.fromEntries(some.map((one) => [worded(idOf(one)), worded(shared(one.source))]));
  const highest = new Map<string, number>();
  for (const { source } of alerts) {
    const incident = words.get(String(at(source, 'minecanary.incident.id'))) ?? 'no incident';
    highest.set(incident, Math.max(highest.get(incident) ?? 0, Number(at(source, 'event.severity'))));
  }
  return {
    events: plain(events, ({ index, id }) => `${index}/${id}`),
    matches: plain(matches, ({ source }) => Object.values(at(source, 'minecanary.event') as Json).join('/')),
    incidents: plain(incidents, ({ id }) => id),
    highest: Object.fromEntries(highest),
    counts: [events, matches, incidents].map(({ length }) => length),
  };
}

/** A copy that a pass went over undisturbed, and what it holds then. */
export async function settledCopy(): Promise<{ readonly copy: Corner; readonly undisturbed: Contents }> {
  const copy = await copyOf();
  await passed(copy);
  return { copy, undisturbed: await contentsOf(copy) };
}

/**
 * Without what depends on which source was settled first: where the sources with the host's own events failed for a
 * while, an address stood for itself, and had an alert, before it counted in the incident of its host.
 */
export function inAnyOrder(contents: Contents): Contents {
  const { incidents, highest, ...rest } = contents as Readonly<Record<string, Readonly<Record<string, Json>>>>;
  const joined = new Set<string>();
  const kept = Object.entries(incidents ?? {}).map(([id, source]) => {
    const { highest: own, ...minecanary } = source['minecanary'] as Json;
    if (minecanary['joined'] === undefined) return [id, { ...source, minecanary: { ...minecanary, highest: own } }];
    joined.add(id);
    return [id, { ...source, minecanary }];
  });
  const alerts = Object.entries(highest ?? {}).filter(([id]) => !joined.has(id));
  return { ...rest, incidents: Object.fromEntries(kept), highest: Object.fromEntries(alerts) };
}

/** Nothing is lost, nothing is doubled, nothing is otherwise. */
export async function expectSame(
  copy: Corner,
  undisturbed: Contents,
  view: (contents: Contents) => Contents = (contents) => contents,
): Promise<void> {
  const contents = view(await contentsOf(copy));
  for (const [name, expected] of Object.entries(view(undisturbed))) {
    expect({ [name]: contents[name] }).toEqual({ [name]: expected });
  }
}
