import { compositeBuckets } from '../elastic/composite.ts';
import { sinkError } from '../elastic/errors.ts';
import { MATCHES } from '../elastic/names.ts';
import { incidentIdOf } from '../matcher/incident.ts';
import { UNDATED } from '../model/incident.ts';
import { isoTime } from '../model/time.ts';
import { raiseAlerts } from '../sinks/alerts.ts';
import { settleIncidents } from '../sinks/incidents.ts';
import type { IncidentKey } from '../sinks/matches.ts';
import type { PlainIndices } from '../sinks/plain-index.ts';
import type { Worker } from './worker.ts';

/** Incidents settled at once. */
const BATCH = 1000;

/**
 * Holds every incident of the horizon that the worker's sources gave evidence for against its match documents, and makes
 * the alerts that are missing: repairs what a worker left that was stopped between its writes, and takes in what
 * exceptions say now. Incidents of other workers' sources are left to them.
 */
export async function reconcile(
  { client, config, tables, version, beforeWrite }: Worker,
  indices: PlainIndices,
  now: number,
): Promise<{ incidents: number; alerts: number }> {
  const { min_severity: minSeverity, remind } = config.alerts;
  let incidents = 0;
  let alerts = 0;
  async function settle(batch: ReadonlyMap<string, IncidentKey>): Promise<void> {
    await beforeWrite('incidents');
    const settled = await settleIncidents(client, batch, { version, now, exceptions: tables.exceptions });
    incidents += settled.filter(({ written }) => written).length;
    await beforeWrite('alerts');
    alerts += await raiseAlerts(client, indices, settled, { version, minSeverity, remind });
  }
  let batch = new Map<string, IncidentKey>();
  for await (const key of incidentKeys({ client, config }, now)) {
    batch.set(incidentIdOf(key.entity, key.day), key);
    if (batch.size < BATCH) continue;
    await settle(batch);
    batch = new Map();
  }
  if (batch.size > 0) await settle(batch);
  return { incidents, alerts };
}

async function* incidentKeys({ client, config }: Pick<Worker, 'client' | 'config'>, now: number) {
  const since = isoTime(now - config.horizon).slice(0, 10);
  const should = [{ range: { 'minecanary.day': { gte: since } } }, { term: { 'minecanary.day': UNDATED } }];
  const sources = config.sources.map(({ name }) => name);
  try {
    const buckets = compositeBuckets(client, {
      index: `${MATCHES}-*`,
      query: { bool: { filter: [{ terms: { 'minecanary.source': sources } }], should, minimum_should_match: 1 } },
      keys: { entity: 'minecanary.entity.id', day: 'minecanary.day' },
      size: 10_000,
    });
    for await (const { key } of buckets) yield { entity: String(key['entity']), day: String(key['day']) };
  } catch (error) {
    throw sinkError('Reading the incidents of the horizon', error);
  }
}
