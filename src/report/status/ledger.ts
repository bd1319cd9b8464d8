import type { Client, estypes } from '@elastic/elasticsearch';
import type { Query } from '../../convert/candidates.ts';
import { UNITS } from '../../elastic/names.ts';
import type { UnitDocument } from '../../worker/unit.ts';
import type { Ledger, LedgerCounts, LedgerEntry, Refusals } from './facts.ts';
import { openSpans } from './open.ts';

/** Sources that are counted, and reasons of each. */
const MOST_SOURCES = 1000;
const MOST_REASONS = 10;

const FAILURES: Query = { term: { type: 'failure' } };
const RETRYABLE: Query = { term: { retryable: true } };
/** The tagger begins its reasons so. */
const REFUSED: Query = {
  bool: { filter: [{ prefix: { reason: 'tag: ' } }], must_not: [RETRYABLE] },
};
const PERMANENT: Query = { bool: { must_not: [RETRYABLE, REFUSED] } };

interface Bucket {
  readonly key: string;
  readonly doc_count: number;
}
interface SourceBucket extends Bucket {
  readonly kinds: { readonly buckets: Readonly<Record<'permanent' | 'open' | 'refused', ReasonsBucket>> };
}
interface ReasonsBucket {
  readonly doc_count: number;
  readonly reasons: { readonly buckets: readonly Bucket[] };
  readonly oldest: { readonly value: number | null };
}

/** Documents of the ledger that an open span covers. */
function openQuery(units: readonly UnitDocument[]): Query {
  const should = openSpans(units).map(({ source, after, until }): Query => {
    const updated = { lte: until, ...(after === undefined ? {} : { gt: after }) };
    return { bool: { filter: [{ term: { source } }, { range: { updated } }] } };
  });
  // Without a clause, a query of clauses finds everything.
  if (should.length === 0) return { match_none: {} };
  return { bool: { filter: [RETRYABLE], should, minimum_should_match: 1 } };
}

/**
 * What the ledger says of documents, with the latest of those that count as failed.
 *
 * @param most entries that are named.
 */
export async function readLedger(client: Client, units: readonly UnitDocument[], most: number): Promise<Ledger> {
  const open = openQuery(units);
  const kinds = { permanent: PERMANENT, open, refused: REFUSED };
  const response = await client.search<Omit<LedgerEntry, 'index' | 'id' | 'noted'>>({
    index: UNITS,
    query: FAILURES,
    post_filter: { bool: { should: [PERMANENT, open], minimum_should_match: 1 } },
    size: most,
    sort: [{ updated: 'desc' }],
    track_total_hits: false,
    allow_partial_search_results: false,
    aggs: {
      sources: {
        terms: { field: 'source', size: MOST_SOURCES },
        aggs: {
          kinds: {
            filters: { filters: kinds },
            aggs: {
              reasons: { terms: { field: 'reason', size: MOST_REASONS } },
              oldest: { min: { field: 'updated' } },
            },
          },
        },
      },
    },
  });
  const found = response.aggregations?.['sources'] as { readonly buckets: readonly SourceBucket[] } | undefined;
  const sources = (found?.buckets ?? []).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return {
    counts: sources.map(countsOf),
    latest: response.hits.hits.map(toEntry),
    refusals: sources.flatMap(({ key, kinds: { buckets } }) => refusalsOf(key, buckets.refused)),
  };
}

function countsOf({ key: source, kinds: { buckets } }: SourceBucket): LedgerCounts {
  const { permanent, open, refused } = buckets;
  const since = open.oldest.value;
  return {
    source,
    permanent: permanent.doc_count,
    open: open.doc_count,
    refused: refused.doc_count,
    ...(since === null ? {} : { since }),
  };
}

function toEntry({ _source: stored }: estypes.SearchHit): LedgerEntry {
  const { source, document, reason, retryable, updated } = stored as {
    readonly source: string;
    readonly document: { readonly index: string; readonly id: string };
    readonly reason: string;
    readonly retryable: boolean;
    readonly updated: string;
  };
  return { source, ...document, reason, retryable, noted: updated };
}

function refusalsOf(source: string, { doc_count: all, reasons: { buckets } }: ReasonsBucket): Refusals[] {
  const named = buckets.map(({ key, doc_count: documents }) => ({
    source,
    reason: key.replace(/^tag: /, ''),
    documents,
  }));
  const rest = all - named.reduce((sum, { documents }) => sum + documents, 0);
  return rest === 0 ? named : [...named, { source, documents: rest }];
}
