import type { Client, estypes } from '@elastic/elasticsearch';
import { backOff, isTooMuch } from './too-much.ts';
import { whole } from './whole.ts';

/** Hits of the first page, of which it is not known yet how long they are, and of any page. */
const FIRST_PAGE = 250;
const LARGEST_PAGE = 1000;
const SMALLEST_PAGE = 10;
/** About so many characters make a page, however long the documents are. */
const PAGE_CHARACTERS = 4_000_000;
const KEEP_ALIVE = '5m';
/** A page that is too much is asked for again, each time the half of it. */
const ATTEMPTS = 4;

/** What is searched and how it is told; the pages are made here. */
export interface PagesRequest
  extends Pick<estypes.SearchRequest, 'query' | '_source' | 'fields' | 'docvalue_fields' | 'seq_no_primary_term'> {
  readonly index: string | string[];
}

/**
 * All that a query finds, in pages of up to 1,000, or fewer where they are long, from one point in time. An index that
 * is gone has nothing to read. What is too much for the server is asked for in smaller pages, after a pause.
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
    let size = FIRST_PAGE;
    let most = LARGEST_PAGE;
    do {
      const from = after === undefined ? {} : { search_after: after };
      const asked = await smaller(size, (fewer) =>
        client.search<T>({
          ...request,
          pit: { id: pit, keep_alive: KEEP_ALIVE },
          size: fewer,
          sort: [{ _shard_doc: 'asc' }],
          track_total_hits: false,
          allow_partial_search_results: false,
          ...from,
        }),
      );
      pit = asked.response.pit_id ?? pit;
      const { hits } = asked.response.hits;
      after = hits.length < asked.size ? undefined : hits.at(-1)?.sort;
      // What was too much once stays the most.
      if (asked.size < size) most = asked.size;
      size = Math.min(most, sizeAfter(hits));
      if (hits.length > 0) yield hits;
    } while (after !== undefined);
  } finally {
    await client.closePointInTime({ id: pit }).catch(() => undefined);
  }
}

async function smaller<T>(
  size: number,
  ask: (size: number) => Promise<estypes.SearchResponse<T>>,
): Promise<{ readonly response: estypes.SearchResponse<T>; readonly size: number }> {
  let least = size;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return { response: whole(await ask(least)), size: least };
    } catch (error) {
      if (attempt === ATTEMPTS - 1 || !isTooMuch(error)) throw error;
      await backOff(attempt);
      least = Math.max(SMALLEST_PAGE, Math.floor(least / 2));
    }
  }
}

/** How many hits like these make a page. */
function sizeAfter(hits: readonly estypes.SearchHit[]): number {
  const step = Math.max(1, Math.floor(hits.length / 8));
  let [characters, count] = [0, 0];
  for (let i = 0; i < hits.length; i += step) {
    characters += JSON.stringify(hits[i]).length;
    count += 1;
  }
  const fit = Math.floor((PAGE_CHARACTERS * count) / Math.max(1, characters));
  return Math.max(SMALLEST_PAGE, Math.min(LARGEST_PAGE, fit));
}
