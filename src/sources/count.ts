import type { Client } from '@elastic/elasticsearch';
import type { Query } from '../convert/candidates.ts';
import { whole } from '../elastic/whole.ts';

/** Number of documents a query finds, exactly, or up to `limit`; an index that is gone has none. */
export async function count(client: Client, index: string[], query: Query, limit: number | true): Promise<number> {
  const response = await client.search({
    index,
    size: 0,
    query,
    track_total_hits: limit,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  });
  const { total } = whole(response).hits;
  return typeof total === 'number' ? total : (total?.value ?? 0);
}
