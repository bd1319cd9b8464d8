import type { Client, estypes } from '@elastic/elasticsearch';
import { type FieldFacts, type Query, sweptAt } from '../convert/candidates.ts';
import { valuesOf } from './cost.ts';

/** What is known of an index. */
export interface IndexSize {
  readonly index: string;
  /** In the window. */
  readonly documents: number;
  /** Path -> about how many distinct values, in the window and in the whole index. */
  readonly values: ReadonlyMap<string, { readonly here: number; readonly all: number }>;
}

/** The distinct values of so many documents of a shard are counted, to tell how many more there may be. */
const SAMPLE = 20_000;

/** Three searches an index, in one request. An index that can't be asked is left out. */
export async function sizesOf(
  client: Client,
  names: readonly string[],
  within: Query,
  swept: readonly FieldFacts[],
): Promise<IndexSize[]> {
  const aggs: Record<string, estypes.AggregationsAggregationContainer> = {};
  for (const [i, facts] of swept.entries())
    aggs[i] = { cardinality: { field: sweptAt(facts) ?? facts.path, precision_threshold: SAMPLE } };
  const counted = { size: 0, track_total_hits: true };
  const { responses } = await client.msearch({
    searches: names.flatMap((index) => [
      { index },
      { ...counted, query: within },
      { index },
      { ...counted, query: { match_all: {} } },
      { index },
      { ...counted, query: within, terminate_after: SAMPLE, aggs },
    ]),
  });
  return names.flatMap((index, i) => {
    const [here = 0, all = 0] = responses.slice(3 * i, 3 * i + 2).map(totalOf);
    const { shards, told } = sampleOf(responses[3 * i + 2]);
    if (here === 0 || shards === 0) return [];
    const documents = Math.min(here, SAMPLE * shards);
    const values = swept.map(({ path }, k) => {
      const sample = { documents, values: told[k]?.value ?? 0 };
      return [path, { here: valuesOf(here, sample), all: valuesOf(all, sample) }] as const;
    });
    return [{ index, documents: here, values: new Map(values) }];
  });
}

function totalOf(response: estypes.MsearchResponseItem | undefined): number {
  const total = response === undefined || 'error' in response ? undefined : response.hits.total;
  return typeof total === 'object' ? total.value : (total ?? 0);
}

type Told = Readonly<Record<string, { readonly value?: number } | undefined>>;

/** Of each shard so many documents were looked at; of none where it can't be asked. */
function sampleOf(response: estypes.MsearchResponseItem | undefined): { shards: number; told: Told } {
  if (response === undefined || 'error' in response) return { shards: 0, told: {} };
  return { shards: response._shards.total, told: (response.aggregations ?? {}) as Told };
}
