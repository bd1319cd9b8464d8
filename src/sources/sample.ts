import type { Client } from '@elastic/elasticsearch';
import type { Query } from '../convert/candidates.ts';
import type { EventDocument } from '../model/event.ts';
import type { Group } from './groups.ts';
import { namesOf } from './plan.ts';
import type { TimeRange, Window } from './source.ts';

/** Places in time at which a window is looked into, and events that are read of a group at each. */
const PLACES = 8;
const EVENTS = 32;

/** A window with a range. */
export type RangedWindow = Exclude<Window, { by: 'rest' }>;

/**
 * Some events of a window as `_source` has them, from here and there in it. What can't be answered is left out: it is
 * for estimates alone.
 */
export async function sampleEvents(
  client: Client,
  groups: readonly Group[],
  window: RangedWindow,
  within: (window: Window, group: Group) => Query,
): Promise<readonly EventDocument[]> {
  if (groups.length === 0) return [];
  const searches = placesIn(window.range).flatMap((range) =>
    groups.flatMap((group) => [
      { index: namesOf(group), ignore_unavailable: true },
      { size: EVENTS, terminate_after: EVENTS, track_total_hits: false, query: within({ ...window, range }, group) },
    ]),
  );
  const { responses } = await client.msearch<EventDocument>({ searches });
  return responses.flatMap((response) =>
    'hits' in response ? response.hits.hits.flatMap(({ _source: event }) => (event === undefined ? [] : [event])) : [],
  );
}

function placesIn({ from, to }: TimeRange): TimeRange[] {
  const width = (to - from) / PLACES;
  return Array.from({ length: PLACES }, (_, i) => ({
    from: Math.floor(from + i * width),
    to: Math.floor(from + (i + 1) * width),
  }));
}
