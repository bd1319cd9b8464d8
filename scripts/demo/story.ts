import type { Client, estypes } from '@elastic/elasticsearch';
import type { Query } from '../../src/convert/candidates.ts';
import { ALERTS, INCIDENTS, MATCHES } from '../../src/elastic/names.ts';
import { DATA_SOURCES, type DataSource } from '../../test/support/sample/index.ts';
import type { Names } from './names.ts';
import { sourceOfId } from './sample.ts';

export interface SourceCount {
  readonly source: DataSource;
  readonly events: number;
  readonly tagged: number;
}

export interface StoryIncident {
  readonly severity: string;
  readonly score: number;
  readonly reason: string;
}

export type Document = Readonly<Record<string, unknown>>;

/** What the demo tells, however it came by it. */
export interface Story {
  readonly sources: readonly SourceCount[];
  /** Most severe first. */
  readonly incidents: readonly StoryIncident[];
  readonly alerts: number;
  /** A tagged event and an alert, and where they lie. */
  readonly event?: Shown;
  readonly alert?: Shown;
}

export interface Shown {
  readonly where: string;
  readonly document: Document;
}

/** Adds up events by their data source, in the order of the sample. */
export function countSources(events: Iterable<{ readonly id: string; readonly tagged: boolean }>): SourceCount[] {
  const counts = new Map(DATA_SOURCES.map((source) => [source, { events: 0, tagged: 0 }]));
  for (const { id, tagged } of events) {
    const count = counts.get(sourceOfId(id));
    if (count === undefined) continue;
    count.events += 1;
    if (tagged) count.tagged += 1;
  }
  return [...counts].map(([source, count]) => ({ source, ...count }));
}

type Found = estypes.SearchHit<Document>;

/** Every document of the demo: its events, and what was made of them. */
export interface DemoState {
  readonly events: readonly Found[];
  readonly matches: readonly Found[];
  readonly incidents: readonly Found[];
  readonly alerts: readonly Found[];
}

export async function readState(client: Client, { namespace, pattern }: Names): Promise<DemoState> {
  const read = async (index: string, query: Query, fields?: string[]): Promise<Found[]> => {
    const where = { index, ignore_unavailable: true, allow_no_indices: true };
    await client.indices.refresh(where);
    // The sample has 9,000 events: one page holds them.
    const size = 10_000;
    const response = await client.search<Document>({
      ...where,
      size,
      query,
      version: true,
      ...(fields === undefined ? {} : { _source: fields }),
    });
    return response.hits.hits;
  };
  const own = { term: { 'minecanary.scope': namespace } };
  return {
    events: await read(pattern, { match_all: {} }, ['minecanary.score']),
    matches: await read(`${MATCHES}-*`, own),
    incidents: await read(INCIDENTS, own),
    alerts: await read(`${ALERTS}-*`, own),
  };
}

/** Whether no document was made, changed or deleted in between. */
export function isSame(before: DemoState, after: DemoState): boolean {
  const versions = (state: DemoState): string[] =>
    [state.events, state.matches, state.incidents, state.alerts]
      .flat()
      .map(({ _index, _id, _version }) => JSON.stringify([_index, _id, _version]))
      .sort();
  const [old, now] = [versions(before), versions(after)];
  return old.length === now.length && old.every((one, i) => one === now[i]);
}

/** The story that the documents of the demo tell. */
export async function tellState(client: Client, state: DemoState): Promise<Story> {
  const incidents = state.incidents
    .map(ownFields)
    // The evidence on these counts in the incident of their host.
    .filter(({ joined }) => joined === undefined)
    .map((found) => found as unknown as StoryIncident)
    .sort((a, b) => b.score - a.score || (a.reason < b.reason ? -1 : 1));
  const events = state.events.map(({ _id: id = '', _source }) => ({
    id,
    tagged: _source?.['minecanary'] !== undefined,
  }));
  const alert = mostTelling(state.alerts);
  const match = mostTelling(state.matches);
  const place = match === undefined ? undefined : (ownFields(match)['event'] as { index: string; id: string });
  const event = place === undefined ? undefined : await client.get<Document>({ index: place.index, id: place.id });
  return {
    sources: countSources(events),
    incidents,
    alerts: state.alerts.length,
    ...(event?._source === undefined ? {} : { event: shown(event._index, event._id, event._source) }),
    ...(alert === undefined ? {} : { alert: shown(alert._index, alert._id ?? '', alert._source ?? {}) }),
  };
}

function ownFields({ _source }: Found): Document {
  return (_source?.['minecanary'] ?? {}) as Document;
}

/** The one of the highest score; of several the first, as all runs show the same. */
function mostTelling(some: readonly Found[]): Found | undefined {
  const score = (found: Found): number => Number(ownFields(found)['score'] ?? 0);
  return [...some].sort((a, b) => score(b) - score(a) || ((a._id ?? '') < (b._id ?? '') ? -1 : 1))[0];
}

export function shown(index: string, id: string, document: Document): Shown {
  return { where: `${index}/_doc/${id}`, document };
}
