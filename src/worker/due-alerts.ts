import type { Client, estypes } from '@elastic/elasticsearch';
import { sourceError } from '../elastic/errors.ts';
import { ALERTS } from '../elastic/names.ts';
import { refresh, whole } from '../elastic/whole.ts';
import type { Severity } from '../model/match.ts';
import { SEVERITY_FLOOR } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';

/** An alert that was written, without what it says. */
export interface WrittenAlert {
  readonly index: string;
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly written: number;
}

const PAGE = 1000;

/**
 * The alerts that were written at a time or later, in pages, in the order of their writing.
 *
 * @param since milliseconds since 1970 UTC.
 * @throws SourceError
 */
export async function* alertsSince(
  client: Client,
  since: number,
  minSeverity: Severity,
): AsyncGenerator<readonly WrittenAlert[]> {
  const index = `${ALERTS}-*`;
  const filter = [
    { range: { 'event.ingested': { gte: isoTime(since) } } },
    { range: { 'event.severity': { gte: SEVERITY_FLOOR[minSeverity] } } },
  ];
  let after: estypes.SortResults | undefined;
  try {
    await refresh(client, index);
    do {
      const answer = await client.search({
        index,
        size: PAGE,
        _source: false,
        query: { bool: { filter } },
        // Incident and severity are what an alert's id is made of.
        sort: ['event.ingested', 'minecanary.incident.id', 'event.severity'],
        track_total_hits: false,
        allow_partial_search_results: false,
        ...(after === undefined ? {} : { search_after: after }),
      });
      const { hits } = whole(answer);
      after = hits.hits.length < PAGE ? undefined : hits.hits.at(-1)?.sort;
      yield hits.hits.map(({ _index, _id = '', sort }) => ({ index: _index, id: _id, written: Number(sort?.[0]) }));
    } while (after !== undefined);
  } catch (error) {
    throw sourceError('Reading the alerts that are to be posted', error);
  }
}
