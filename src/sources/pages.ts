import type { Client, estypes } from '@elastic/elasticsearch';
import type { Query } from '../convert/candidates.ts';
import { searchPages } from '../elastic/search-pages.ts';
import type { EventDocument } from '../model/event.ts';
import { type Place, placeKey } from '../model/place.ts';
import { createCompletion, docValueRequest } from './doc-values.ts';
import { CREATED, type Group, INGESTED } from './groups.ts';
import { omit } from './omit.ts';
import type { Candidate } from './source.ts';

/** Reads what a query finds, in pages, from one point in time. An index that is gone since has nothing to read. */
export async function* readPages(
  client: Client,
  group: Group,
  query: Query,
  timestamp: string,
): AsyncGenerator<readonly Candidate[]> {
  const members = new Map(group.indices.map((index) => [index.name, index]));
  const dates = datesOf(group, timestamp);
  const { unstored } = group;
  const complete = createCompletion(unstored);
  const request = {
    index: [...members.keys()],
    query,
    seq_no_primary_term: true,
    // Without the whole `_source` only the index knows the dates.
    ...(unstored.length === 0
      ? { fields: dates.map((field) => ({ field, format: 'epoch_millis' })) }
      : { docvalue_fields: docValueRequest(unstored, dates) }),
  };
  for await (const page of searchPages<EventDocument>(client, request)) {
    yield page.map((one) =>
      toCandidate(one, members, dates, (event) => omit(complete(event, one.fields ?? {}), group.unread)),
    );
  }
}

/**
 * Reads documents as they are now; those that are gone are left out. Their dates are read as Elasticsearch reads them,
 * which a plain get does not offer, so the indices are refreshed first.
 */
export async function rereadPlaces(
  client: Client,
  group: Group,
  places: readonly Place[],
  timestamp: string,
): Promise<readonly Candidate[]> {
  const index = [...new Set(places.map(({ index: name }) => name))];
  await client.indices.refresh({ index, ignore_unavailable: true });
  const wanted = new Set(places.map(placeKey));
  const members = { ...group, indices: group.indices.filter(({ name }) => index.includes(name)) };
  const found: Candidate[] = [];
  for await (const page of readPages(client, members, { ids: { values: places.map(({ id }) => id) } }, timestamp)) {
    found.push(...page.filter(({ place }) => wanted.has(placeKey(place))));
  }
  return found;
}

/** Date fields in the order in which they give an event its time. */
function datesOf(group: Group, timestamp: string): string[] {
  return [
    ...(group.timestamp ? [timestamp] : []),
    ...(group.created ? [CREATED] : []),
    ...(group.ingested ? [INGESTED] : []),
  ];
}

function toCandidate(
  found: estypes.SearchHit<EventDocument>,
  members: ReadonlyMap<string, Group['indices'][number]>,
  dates: readonly string[],
  complete: (event: EventDocument) => EventDocument,
): Candidate {
  const { _id: id = '', _routing: routing } = found;
  const member = members.get(found._index);
  // One text for all of its events, of which there may be many.
  const index = member?.name ?? found._index;
  return {
    event: complete(found._source ?? {}),
    time: timeOf(found.fields ?? {}, dates),
    place: {
      index,
      id,
      seqNo: found._seq_no ?? -1,
      primaryTerm: found._primary_term ?? -1,
      home: member?.home ?? index,
      ...(routing === undefined ? {} : { routing }),
      ...(member?.untaggable === undefined ? {} : { untaggable: member.untaggable }),
    },
  };
}

/** The earliest value of the first date field that has one; a mapped date is read as Elasticsearch reads it. */
function timeOf(fields: Readonly<Record<string, unknown>>, dates: readonly string[]): number | undefined {
  for (const date of dates) {
    const times = ((fields[date] ?? []) as readonly unknown[]).map(Number).filter(Number.isFinite);
    if (times.length > 0) return Math.floor(Math.min(...times));
  }
  return undefined;
}
