import type { Client } from '@elastic/elasticsearch';
import { sourceError } from './errors.ts';
import { UNITS } from './names.ts';
import { whole } from './whole.ts';

/** A field that is mapped as a date, and an index that has it. */
export interface DateField {
  readonly index: string;
  readonly field: string;
}

const OURS: DateField = { index: UNITS, field: 'updated' };

/**
 * Elasticsearch's own clock, in milliseconds since 1970 UTC: what it takes for `now`. Needs read access to our state
 * index, or another index that is named, and nothing else.
 */
export async function serverTime(client: Client, { index, field }: DateField = OURS): Promise<number> {
  try {
    const response = await client.search({
      index,
      size: 0,
      aggs: { clock: { date_range: { field, ranges: [{ to: 'now' }] } } },
    });
    const clock = whole(response).aggregations?.['clock'] as { buckets?: readonly { to?: number }[] } | undefined;
    const now = clock?.buckets?.[0]?.to;
    if (now === undefined) throw new Error(`${index} has no shard that answers`);
    return now;
  } catch (error) {
    throw sourceError("Asking for Elasticsearch's time", error);
  }
}
