import type { Client, estypes } from '@elastic/elasticsearch';
import { anyOf, type FieldFacts, type Query, sweptAt } from '../convert/candidates.ts';
import { type CompositeBucket, compositeBuckets } from '../elastic/composite.ts';
import { withFewerBuckets } from '../elastic/too-much.ts';
import { whole } from '../elastic/whole.ts';
import { VALUES_PER_PAGE } from './cost.ts';

type Page = { readonly buckets: readonly CompositeBucket[] } | undefined;

/**
 * Clauses that find the documents whose values of some fields may match: reads the distinct values within a query and
 * keeps those that the matcher would take an indicator from. The first values of all fields come in one answer, so that
 * the documents are gone over once; a field of more values is gone over by itself.
 *
 * @param isListed whether a value of this field may match, decided by the matcher itself.
 */
export async function sweepClauses(
  client: Client,
  index: string[],
  within: Query,
  fields: readonly FieldFacts[],
  isListed: (path: string, value: string) => boolean,
): Promise<Query[]> {
  if (fields.length === 0) return [];
  // Two entries of the catalogue may read one path: it is gone over once.
  const paths = [...new Map(fields.map((facts) => [facts.path, sweptAt(facts) ?? facts.path]))];
  const most = Math.max(1, Math.floor(VALUES_PER_PAGE / paths.length));
  const swept = paths.map(([, at]) => at);
  const { answer: first, size } = await withFewerBuckets(most, (fewer) =>
    firstPages(client, index, within, swept, fewer),
  );
  const clauses: Query[] = [];
  for (const [i, [path, at]] of paths.entries()) {
    const listed: string[] = [];
    const take = ({ key }: CompositeBucket): void => {
      const value = String(key['value']);
      if (isListed(path, value)) listed.push(value);
    };
    const buckets = (first?.[String(i)] as Page)?.buckets ?? [];
    buckets.forEach(take);
    const last = buckets.at(-1);
    if (last !== undefined && buckets.length >= size) {
      const rest = { index, query: within, keys: { value: at }, size: VALUES_PER_PAGE, after: last.key };
      for await (const bucket of compositeBuckets(client, rest)) take(bucket);
    }
    clauses.push(...anyOf(at, listed));
  }
  return clauses;
}

/** The first values of each field, in order; an index that is gone has none. */
async function firstPages(
  client: Client,
  index: string[],
  within: Query,
  paths: readonly string[],
  size: number,
): Promise<Record<string, unknown> | undefined> {
  const aggs: Record<string, estypes.AggregationsAggregationContainer> = {};
  for (const [i, field] of paths.entries())
    aggs[i] = { composite: { size, sources: [{ value: { terms: { field } } }] } };
  const response = await client.search({
    index,
    query: within,
    size: 0,
    track_total_hits: false,
    ignore_unavailable: true,
    allow_partial_search_results: false,
    aggs,
  });
  return whole(response).aggregations;
}
