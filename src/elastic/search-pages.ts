import type { Client, estypes } from '@elastic/elasticsearch';
import { SourceError } from '../model/errors.ts';

const PAGE = 1000;
const KEEP_ALIVE = '5m';

/** What is searched and how it is told; the pages are made here. */
export interface PagesRequest
  extends Pick<estypes.SearchRequest, 'query' | '_source' | 'fields' | 'docvalue_fields' | 'seq_no_primary_term'> {
  readonly index: string | string[];
}

/**
 * All that a query finds, in pages of up to 1,000, from one point in time. An index that is gone has nothing to read.
 *
 * @throws SourceError where an answer is not whole: nothing may count as read then.
 */
export async function* searchPages<T>(
  client: Client,
  { index, ...request }: PagesRequest,
): AsyncGenerator<readonly estypes.SearchHit<T>[]> {
  const opened = await client.openPointInTime({
    index,
    keep_alive: KEEP_ALIVE,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  });
  let pit = opened.id;
  try {
    let after: estypes.SortResults | undefined;
    do {
      const response: estypes.SearchResponse<T> = await client.search<T>({
        ...request,
        pit: { id: pit, keep_alive: KEEP_ALIVE },
        size: PAGE,
        sort: [{ _shard_doc: 'asc' }],
        track_total_hits: false,
        allow_partial_search_results: false,
        ...(after === undefined ? {} : { search_after: after }),
      });
      refusePartial(response);
      pit = response.pit_id ?? pit;
      const { hits } = response.hits;
      after = hits.length < PAGE ? undefined : hits.at(-1)?.sort;
      if (hits.length > 0) yield hits;
    } while (after !== undefined);
  } finally {
    await client.closePointInTime({ id: pit }).catch(() => undefined);
  }
}

/** A search that lost a shard or ran out of time has not seen the whole window. */
function refusePartial({ timed_out, _shards: shards }: estypes.SearchResponse): void {
  if (!timed_out && shards.failed === 0) return;
  const what = timed_out ? 'timed out' : `lost ${shards.failed} of ${shards.total} shards`;
  throw new SourceError(`A search ${what}; nothing of its window counts as read. It is tried again.`, {
    code: 'search_partial',
    retryable: true,
  });
}
