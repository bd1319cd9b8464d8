import type { Client } from '@elastic/elasticsearch';
import { sourceError } from '../../elastic/errors.ts';
import type { Group } from '../../sources/groups.ts';

export interface TimesQuestion {
  readonly timestamp: string;
  /** Milliseconds from now on, and back from now, between which a time may lie. */
  readonly limits: { readonly future: number; readonly past: number };
  /** Narrows the source. */
  readonly query?: Readonly<Record<string, unknown>>;
}

export interface Times {
  readonly all: number;
  readonly missing: number;
  readonly future: number;
  readonly old: number;
}

/** Counts documents by whether their time can be, by Elasticsearch's clock. */
export async function readTimes(
  client: Client,
  groups: readonly Group[],
  { timestamp, limits, query }: TimesQuestion,
): Promise<Times> {
  const filters = {
    all: { match_all: {} },
    missing: { bool: { must_not: [{ exists: { field: timestamp } }] } },
    future: { range: { [timestamp]: { gt: `now+${seconds(limits.future)}` } } },
    old: { range: { [timestamp]: { lt: `now-${seconds(limits.past)}` } } },
  };
  const sum = { all: 0, missing: 0, future: 0, old: 0 };
  try {
    for (const { indices } of groups) {
      const { aggregations } = await client.search({
        index: indices.map(({ name }) => name),
        size: 0,
        ...(query === undefined ? {} : { query }),
        track_total_hits: false,
        ignore_unavailable: true,
        aggs: { times: { filters: { filters } } },
      });
      const found = aggregations?.['times'] as { readonly buckets: Readonly<Record<string, { doc_count: number }>> };
      for (const name of ['all', 'missing', 'future', 'old'] as const)
        sum[name] += found?.buckets[name]?.doc_count ?? 0;
    }
    return sum;
  } catch (error) {
    throw sourceError('Counting the events by their times', error);
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)}s`;
}
