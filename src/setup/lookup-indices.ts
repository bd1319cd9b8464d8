import { createHash } from 'node:crypto';
import type { Client, estypes } from '@elastic/elasticsearch';
import { JOINED_KINDS, type LookupDocument, lookupDocuments, lookupFields } from '../convert/lookup-rows.ts';
import { bulk } from '../elastic/bulk.ts';
import { isConflict, isMissing, type Refusal } from '../elastic/errors.ts';
import { isOwn } from '../elastic/names.ts';
import { searchPages } from '../elastic/search-pages.ts';
import type { Lookup } from '../lookups/parse.ts';
import { SinkError } from '../model/errors.ts';
import type { Note } from './fields.ts';
import type { Change, Making } from './install.ts';
import { orNote } from './or-note.ts';

const MANAGER = 'minecanary';

/** One shard, as the mode wants, and no refresh but ours: all changes of a lookup are seen at once. */
const SETTINGS = { index: { mode: 'lookup', auto_expand_replicas: '0-1', refresh_interval: '-1' } } as const;

function mappingsOf(digest: string): estypes.MappingTypeMapping {
  return {
    dynamic: 'strict',
    _meta: { managed_by: MANAGER, digest },
    properties: { indicator: { properties: lookupFields } },
  };
}

/** What a lookup's index is to hold, by id: an id is of the content, so a document never changes. */
interface Wanted {
  readonly index: string;
  readonly documents: ReadonlyMap<string, LookupDocument>;
  readonly digest: string;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** @param today YYYY-MM-DD, UTC: rows that expired before it are left out. */
function wantedOf(lookup: Lookup, today: string): Wanted {
  const indicators = lookup.indicators.filter(({ expires }) => expires === undefined || expires >= today);
  const documents = new Map(
    lookupDocuments({ ...lookup, indicators }).map((document) => [hash(JSON.stringify(document)), document]),
  );
  const digest = hash([JSON.stringify(lookupFields), ...[...documents.keys()].sort()].join('\n'));
  return { index: lookup.name, documents, digest };
}

function joinedOf(lookups: readonly Lookup[]): Lookup[] {
  return lookups.filter(({ kind }) => JOINED_KINDS.includes(kind));
}

/** Names of the indices that lookups have. */
export function lookupIndices(lookups: readonly Lookup[]): string[] {
  return joinedOf(lookups).map(({ name }) => name);
}

/**
 * The lookup-mode indices, one a lookup and of its name, that are missing or differ: ES|QL joins events with them. An
 * index of such a name that is not ours is left alone. A refusal is a note, since the worker does without them.
 *
 * @param today YYYY-MM-DD, UTC.
 */
export async function planLookupIndices(
  client: Client,
  lookups: readonly Lookup[],
  today: string,
  notes: Note[],
  making: Making = { create: true },
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const wanted of joinedOf(lookups).map((lookup) => wantedOf(lookup, today))) {
    const orTold = <T>(work: () => Promise<T>): Promise<T | undefined> => orNote(notes, wanted.index, unjoined, work);
    const change = await orTold(() => planIndex(client, wanted, notes, making));
    if (change !== undefined) changes.push({ ...change, apply: () => orTold(change.apply) });
  }
  return changes;
}

function unjoined(reason: string): string {
  return `hunts in ES|QL that join it will fail: ${reason}`;
}

async function planIndex(
  client: Client,
  wanted: Wanted,
  notes: Note[],
  { create: creates }: Making,
): Promise<Change | undefined> {
  const { index, documents, digest } = wanted;
  const present = await describe(client, index);
  if (present === undefined && !isOwn(index)) {
    const what = `create the lookup index ${index}, with ${documents.size} rows`;
    return creates ? { what, apply: () => create(client, wanted) } : undefined;
  }
  if (present?.meta?.managed_by !== MANAGER || present.mode !== 'lookup') {
    const note = 'a lookup has this name, but this index is not made for it: it is left alone';
    if (creates) notes.push({ index, note });
    return undefined;
  }
  if (present.meta.digest === digest) return undefined;
  const there = await idsIn(client, index);
  const added = [...documents.keys()].filter((id) => !there.has(id));
  const gone = [...there].filter((id) => !documents.has(id));
  const what = `update the lookup index ${index}: ${added.length} rows added, ${gone.length} taken out`;
  return { what, apply: () => fill(client, wanted, added, gone) };
}

/** The index of that very name: an alias or a data stream of the name has another one. */
async function describe(client: Client, index: string) {
  try {
    const found = (await client.indices.get({ index }))[index];
    if (found === undefined) return {};
    const meta = found.mappings?._meta as { managed_by?: unknown; digest?: unknown } | undefined;
    return { meta, mode: found.settings?.index?.mode };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function idsIn(client: Client, index: string): Promise<Set<string>> {
  const ids = new Set<string>();
  // Whoever may not read it is refused here; pages would be empty.
  if ((await client.count({ index })).count === 0) return ids;
  for await (const page of searchPages(client, { index, _source: false })) {
    for (const { _id } of page) if (_id !== undefined) ids.add(_id);
  }
  return ids;
}

/** Its digest is not told before it is filled: a crash in between is mended by the next setup. Two may set up at once. */
async function create(client: Client, wanted: Wanted): Promise<void> {
  const { index, documents } = wanted;
  try {
    await client.indices.create({ index, settings: SETTINGS, mappings: mappingsOf('') });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  await fill(client, wanted, [...documents.keys()], []);
}

async function fill(client: Client, wanted: Wanted, added: readonly string[], gone: readonly string[]): Promise<void> {
  const { index, documents, digest } = wanted;
  await client.indices.putMapping({ index, properties: { indicator: { properties: lookupFields } } });
  const adds = added.map((id) => ({ action: { index: { _index: index, _id: id } }, body: { ...documents.get(id) } }));
  const removals = gone.map((id) => ({ action: { delete: { _index: index, _id: id } } }));
  // A row that can't be added leaves those of before.
  for (const writes of [adds, removals]) {
    const failed = (await bulk(client, writes)).find((outcome) => 'reason' in outcome);
    if (failed !== undefined) throw unfilled(index, failed.reason, failed.result);
  }
  await client.indices.refresh({ index });
  await client.indices.putMapping({ index, _meta: { managed_by: MANAGER, digest } });
}

function unfilled(index: string, reason: string, refusal: Refusal): SinkError {
  const message = `The lookup index ${index} could not be filled: ${reason}. Run \`minecanary setup\` again.`;
  return new SinkError(message, { code: 'sink_failed', retryable: refusal !== 'permanent' });
}
