import type { Client, estypes } from '@elastic/elasticsearch';
import { anyOf, type FieldFacts, type Query } from '../convert/candidates.ts';

/** Distinct values of one answer; Elasticsearch refuses more than 65,536 buckets. */
const VALUES_PER_PAGE = 50_000;

/**
 * Clauses that find the documents whose value of a field may match: reads the distinct values within a query and keeps
 * those that the matcher would take an indicator from.
 *
 * @param isListed whether a value of this field may match, decided by the matcher itself.
 */
export async function sweepClauses(
  client: Client,
  index: readonly string[],
  within: Query,
  { path }: FieldFacts,
  isListed: (value: string) => boolean,
): Promise<Query[]> {
  const listed: string[] = [];
  let after: Record<string, estypes.FieldValue> | undefined;
  do {
    const response = await client.search({
      index: [...index],
      size: 0,
      track_total_hits: false,
      allow_partial_search_results: false,
      query: within,
      aggs: {
        values: {
          composite: {
            size: VALUES_PER_PAGE,
            sources: [{ value: { terms: { field: path } } }],
            ...(after === undefined ? {} : { after }),
          },
        },
      },
    });
    const values = response.aggregations?.['values'] as estypes.AggregationsCompositeAggregate | undefined;
    for (const { key } of (values?.buckets ?? []) as estypes.AggregationsCompositeBucket[]) {
      const value = String(key['value']);
      if (isListed(value)) listed.push(value);
    }
    after = values?.after_key;
  } while (after !== undefined);
  return anyOf(path, listed);
}
