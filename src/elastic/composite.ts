import type { Client, estypes } from '@elastic/elasticsearch';
import { withFewerBuckets } from './too-much.ts';
import { whole } from './whole.ts';

/** One combination of values, with how many documents have it and what the sub-aggregations say. */
export interface CompositeBucket {
  readonly key: Readonly<Record<string, unknown>>;
  readonly doc_count: number;
  readonly [aggregation: string]: unknown;
}

export interface CompositeRequest {
  readonly index: string | string[];
  readonly query: NonNullable<estypes.SearchRequest['query']>;
  /** Name in the key -> field, in the order of the key. */
  readonly keys: Readonly<Record<string, string>>;
  /** Buckets of one answer; Elasticsearch refuses more than 65,536, sub-aggregations' included. */
  readonly size: number;
  readonly aggs?: Record<string, estypes.AggregationsAggregationContainer>;
  /** Key of the bucket to begin behind. */
  readonly after?: Readonly<Record<string, unknown>>;
}

/**
 * Every combination of values of some fields among the documents of a query, in order of the key, however many there
 * are. Raises rather than leave out what a failed shard holds; an index that is gone holds nothing.
 */
export async function* compositeBuckets(client: Client, request: CompositeRequest): AsyncGenerator<CompositeBucket> {
  const { index, query, keys, aggs } = request;
  let { size } = request;
  const sources = Object.entries(keys).map(([name, field]) => ({ [name]: { terms: { field } } }));
  let after = request.after as Record<string, estypes.FieldValue> | undefined;
  do {
    const page = after;
    const asked = await withFewerBuckets(size, (most) =>
      client.search({
        index,
        query,
        size: 0,
        track_total_hits: false,
        ignore_unavailable: true,
        allow_partial_search_results: false,
        aggs: {
          page: {
            composite: { size: most, sources, ...(page === undefined ? {} : { after: page }) },
            ...(aggs === undefined ? {} : { aggs }),
          },
        },
      }),
    );
    size = asked.size;
    // Without any index there is no aggregation.
    const told = whole(asked.answer).aggregations?.['page'] as
      | { buckets: readonly CompositeBucket[]; after_key?: Record<string, estypes.FieldValue> }
      | undefined;
    const buckets = told?.buckets ?? [];
    yield* buckets;
    // A page that is not full is the last.
    after = buckets.length < size ? undefined : told?.after_key;
  } while (after !== undefined);
}
