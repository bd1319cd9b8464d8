import type { Client } from '@elastic/elasticsearch';
import { reasonOf, refusalOfError, statusOf } from '../../elastic/errors.ts';
import { SourceError } from '../../model/errors.ts';
import { isoTime } from '../../model/time.ts';
import type { TimeRange } from '../../sources/source.ts';

/** What a query gives: a row has a value of each column. */
export interface EsqlRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly values: readonly (readonly unknown[])[];
}

const CURES: readonly (readonly [RegExp, string])[] = [
  [/Unknown index \[(?!.*\*)/, 'Run `minecanary setup`, which makes an index of each lookup.'],
  [/Unknown index/, 'Name the indices of your events with --index.'],
  [
    /Unknown column/,
    'No index maps this field: take it out of the query, or name other indices with --index. From Elasticsearch 9.3 on ' +
      '`SET unmapped_fields="nullify";` before the query helps.',
  ],
  [/a privilege is missing/, 'Give the role `read` on the events and on the indices of the lookups.'],
];

/**
 * Sends a query of ES|QL. Events are those of the range, by `@timestamp`.
 *
 * @throws SourceError `esql_missing` where the server has no ES|QL; else `source_failed`.
 */
export async function runEsql(client: Client, query: string, { from, to }: TimeRange): Promise<EsqlRows> {
  const range = { gte: isoTime(from), lt: isoTime(to), format: 'strict_date_optional_time' };
  try {
    const { columns, values } = await client.esql.query({ query, filter: { range: { '@timestamp': range } } });
    return { columns, values };
  } catch (error) {
    throw failure(error);
  }
}

function failure(cause: unknown): SourceError {
  const status = statusOf(cause);
  // A server without it knows the path as that of an index, or not at all.
  if (status === 405 || (status === 400 && /no handler found/.test(reasonOf(cause)))) {
    const message =
      'This Elasticsearch has no ES|QL: it does not know POST /_query. --run needs Elasticsearch 8.19 or 9.1, or newer, ' +
      'of the default distribution. Without --run the query is printed, for Discover of another cluster.';
    return new SourceError(message, { code: 'esql_missing', cause });
  }
  const reason = reasonOf(cause);
  const cure = CURES.find(([pattern]) => pattern.test(reason))?.[1];
  const message = `The query failed: ${reason.trimEnd()}${/[.]$/.test(reason) ? '' : '.'}${cure === undefined ? '' : ` ${cure}`}`;
  return new SourceError(message, { code: 'source_failed', cause, retryable: refusalOfError(cause) === 'retryable' });
}
