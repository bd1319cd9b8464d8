import type { Client } from '@elastic/elasticsearch';
import type { Query } from '../convert/candidates.ts';
import { bulk } from '../elastic/bulk.ts';
import { isMissing, sinkError } from '../elastic/errors.ts';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../elastic/names.ts';
import { searchPages } from '../elastic/search-pages.ts';
import { MinecanaryError, SinkError } from '../model/errors.ts';
import { isoTime } from '../model/time.ts';
import type { Worker } from './worker.ts';

/** What was dropped. */
export interface Dropped {
  /** Names of whole months of match documents and alerts. */
  readonly indices: readonly string[];
  /** Incidents of those months, and what the ledger noted in them. */
  readonly documents: number;
}

/**
 * Drops whole months that ended before a time: match documents, alerts, incidents, and documents of the ledger. Events
 * of such a month count as undated, so that no pass writes into it again.
 *
 * @param before milliseconds since 1970 UTC.
 * @throws SinkError where Elasticsearch refuses.
 */
export async function dropMonths(client: Client, before: number): Promise<Dropped> {
  const month = isoTime(before).slice(0, 7);
  try {
    const indices = await monthsBefore(client, month);
    for (const index of indices) await dropIndex(client, index);
    const documents =
      (await deleteFound(client, INCIDENTS, { range: { 'minecanary.day': { lt: `${month}-01` } } })) +
      (await deleteFound(client, UNITS, {
        bool: { filter: [{ term: { type: 'failure' } }, { range: { updated: { lt: `${month}-01` } } }] },
      }));
    return { indices, documents };
  } catch (error) {
    throw sinkError('Dropping what is older than the retention', error);
  }
}

/** @param month `YYYY-MM` */
async function monthsBefore(client: Client, month: string): Promise<string[]> {
  const pattern = new RegExp(`^(?:${MATCHES}|${ALERTS.replace('.', '\\.')})-(\\d{4})\\.(\\d{2})$`);
  // Whoever may read an index may ask for its fields.
  const { indices } = await client.fieldCaps({
    index: [`${MATCHES}-*`, `${ALERTS}-*`],
    fields: ['minecanary.day'],
    allow_no_indices: true,
  });
  return [indices].flat().filter((index) => {
    const [, year, number] = pattern.exec(index) ?? [];
    return year !== undefined && `${year}-${number}` < month;
  });
}

/** Another worker may have been faster. */
async function dropIndex(client: Client, index: string): Promise<void> {
  try {
    await client.indices.delete({ index });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function deleteFound(client: Client, index: string, query: Query): Promise<number> {
  let deleted = 0;
  for await (const page of searchPages(client, { index, query, _source: false })) {
    const outcomes = await bulk(
      client,
      page.map(({ _id = '' }) => ({ action: { delete: { _index: index, _id } } })),
    );
    const refused = outcomes.find((outcome) => 'reason' in outcome);
    if (refused !== undefined) {
      throw new SinkError(`Deleting from ${index} failed: ${refused.reason}`, {
        code: 'sink_failed',
        retryable: refused.result === 'retryable',
      });
    }
    deleted += outcomes.filter(({ result }) => result === 'deleted').length;
  }
  return deleted;
}

/**
 * Keeps what is as old as `retention` says, and all that a sweep goes over. What can't be dropped now is told, and
 * dropped after another sweep.
 */
export async function keepRetention({ client, config, log }: Worker, now: number): Promise<void> {
  try {
    const { indices, documents } = await dropMonths(client, now - Math.max(config.retention, config.horizon));
    for (const index of indices) log.info(`Dropped ${index}: it is older than the retention`);
    if (documents > 0) log.info(`Dropped ${documents} incidents and failures that are older than the retention`);
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    log.warn(error.message, { error });
  }
}
