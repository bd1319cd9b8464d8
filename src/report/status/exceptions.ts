import type { Client } from '@elastic/elasticsearch';
import { INCIDENTS, MATCHES } from '../../elastic/names.ts';
import { searchPages } from '../../elastic/search-pages.ts';
import { compileExceptions, type Exceptions } from '../../lookups/exceptions.ts';
import type { ExceptionUse } from './facts.ts';

/** Incidents that are looked at: ids of one clause. */
const MOST_INCIDENTS = 50_000;

interface Held {
  readonly id: string;
  readonly entity: string;
}

/** Counts, for each exception, the incidents that count for nothing because of it. */
export async function readExceptionUse(
  client: Client,
  { live, expired }: Pick<Exceptions, 'live' | 'expired'>,
): Promise<ExceptionUse[]> {
  const rows = [...live.map((row) => ({ row, live: true })), ...expired.map((row) => ({ row, live: false }))];
  if (rows.length === 0) return [];
  const held = await readHeld(client);
  // Without a day none has expired.
  const asked = rows.map(({ row }) => compileExceptions([row], ''));
  const byIndicator = await countByIndicator(
    client,
    held,
    asked.map(({ indicators }) => indicators[0]),
  );
  return rows.map((one, i) => {
    const ofEntity = held.filter(({ entity: name }) => asked[i]?.excepted({ entity: { name }, matches: [] }));
    return { ...one, incidents: one.row.indicator === undefined ? ofEntity.length : (byIndicator[i] ?? 0) };
  });
}

async function readHeld(client: Client): Promise<Held[]> {
  const held: Held[] = [];
  const pages = searchPages<{ readonly minecanary: { readonly entity: { readonly name: string } } }>(client, {
    index: INCIDENTS,
    query: { exists: { field: 'minecanary.excepted' } },
    _source: ['minecanary.entity.name'],
  });
  for await (const page of pages) {
    for (const { _id: id = '', _source: document } of page) {
      held.push({ id, entity: document?.minecanary.entity.name ?? '' });
    }
    if (held.length >= MOST_INCIDENTS) break;
  }
  return held.slice(0, MOST_INCIDENTS);
}

/** Those of the incidents that have match documents with an indicator; 0 for what is no indicator. */
async function countByIndicator(
  client: Client,
  held: readonly Held[],
  indicators: readonly (string | undefined)[],
): Promise<number[]> {
  const filters = indicators.flatMap((value, i) =>
    value === undefined
      ? []
      : [[String(i), { term: { 'minecanary.indicator': { value, case_insensitive: true } } }] as const],
  );
  if (filters.length === 0 || held.length === 0) return [];
  const { aggregations } = await client.search({
    index: `${MATCHES}-*`,
    size: 0,
    query: { terms: { 'minecanary.incident.id': held.map(({ id }) => id) } },
    allow_partial_search_results: false,
    aggs: {
      exceptions: {
        filters: { filters: Object.fromEntries(filters) },
        aggs: { incidents: { cardinality: { field: 'minecanary.incident.id', precision_threshold: 40_000 } } },
      },
    },
  });
  const found = aggregations?.['exceptions'] as
    | { readonly buckets: Readonly<Record<string, { readonly incidents: { readonly value: number } }>> }
    | undefined;
  return indicators.map((_, i) => found?.buckets[String(i)]?.incidents.value ?? 0);
}
