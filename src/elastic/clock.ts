import type { Client } from '@elastic/elasticsearch';
import { sourceError } from './errors.ts';
import { UNITS } from './names.ts';

/**
 * Elasticsearch's own clock, in milliseconds since 1970 UTC: what it takes for `now`. Needs read access to our state
 * index and nothing else.
 */
export async function serverTime(client: Client): Promise<number> {
  try {
    const response = await client.search({
      index: UNITS,
      size: 0,
      aggs: { clock: { date_range: { field: 'updated', ranges: [{ to: 'now' }] } } },
    });
    const clock = response.aggregations?.['clock'] as { buckets?: readonly { to?: number }[] } | undefined;
    const now = clock?.buckets?.[0]?.to;
    if (now === undefined) throw new Error(`${UNITS} has no shard that answers`);
    return now;
  } catch (error) {
    throw sourceError("Asking for Elasticsearch's time", error);
  }
}
