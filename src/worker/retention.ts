import type { Client } from '@elastic/elasticsearch';
import { deleteFound } from '../elastic/delete-found.ts';
import { isMissing, sinkError } from '../elastic/errors.ts';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../elastic/names.ts';
import { MinecanaryError } from '../model/errors.ts';
import { DAY_MS, isoTime } from '../model/time.ts';
import type { Worker } from './worker.ts';

/** What was dropped. */
export interface Dropped {
  /** Names of whole months of match documents and alerts. */
  readonly indices: readonly string[];
  /** Incidents of those months, and what the ledger noted in them. */
  readonly documents: number;
}

/** A worker that helps with a pass that has just ended still finds its parts done. */
const PARTS_KEPT_MS = DAY_MS;

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

/** Drops the parts of passes that began long ago: no worker is at one any more. */
async function dropParts(client: Client, now: number): Promise<void> {
  const filter = [{ term: { type: 'part' } }, { range: { started: { lt: isoTime(now - PARTS_KEPT_MS) } } }];
  try {
    await deleteFound(client, UNITS, { bool: { filter } });
  } catch (error) {
    throw sinkError('Dropping the parts of passes that are over', error);
  }
}

/**
 * Keeps what is as old as `retention` says, and all that a sweep goes over. What can't be dropped now is told, and
 * dropped after another sweep.
 */
export async function keepRetention({ client, config, log }: Worker, now: number): Promise<void> {
  try {
    const { indices, documents } = await dropMonths(client, now - Math.max(config.retention, config.horizon));
    await dropParts(client, now);
    for (const index of indices) log.info(`Dropped ${index}: it is older than the retention`);
    if (documents > 0) log.info(`Dropped ${documents} incidents and failures that are older than the retention`);
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    log.warn(error.message, { error });
  }
}
