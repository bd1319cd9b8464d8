import type { Client, estypes } from '@elastic/elasticsearch';
import type { WebhookConfig } from '../../config/config.ts';
import { ALERTS, UNITS } from '../../elastic/names.ts';
import { SEVERITY_FLOOR } from '../../model/severity.ts';
import { isoTime } from '../../model/time.ts';
import type { UnitDocument } from '../../worker/unit.ts';
import type { Waiting } from './facts.ts';

/** Alerts that are looked at. */
const MOST_ALERTS = 10_000;
/** As far as the first round of a new receiver looks back. */
const FIRST_MS = 3_600_000;

/** The alerts since the receiver's checkpoint that it has not settled. */
export async function readWaiting(
  client: Client,
  { name, min_severity: least }: WebhookConfig,
  { units, now }: { readonly units: readonly UnitDocument[]; readonly now: number },
): Promise<Waiting> {
  const unit = units.find(({ pass, source }) => pass === 'delivery' && source === name);
  const { hits } = await client.search({
    index: `${ALERTS}-*`,
    size: MOST_ALERTS,
    _source: false,
    query: {
      bool: {
        filter: [
          { range: { 'event.ingested': { gte: unit?.checkpoint ?? isoTime(now - FIRST_MS) } } },
          { range: { 'event.severity': { gte: SEVERITY_FLOOR[least] } } },
        ],
      },
    },
    sort: ['event.ingested'],
    track_total_hits: false,
    allow_partial_search_results: false,
  });
  const settled = await readSettled(client, name, hits.hits);
  const open = hits.hits.filter(({ _id: id = '' }) => !settled.has(id));
  const [first] = open;
  const more = hits.hits.length === MOST_ALERTS;
  return { alerts: open.length, more, ...(first === undefined ? {} : { since: Number(first.sort?.[0]) }) };
}

async function readSettled(
  client: Client,
  name: string,
  alerts: readonly estypes.SearchHit[],
): Promise<ReadonlySet<string>> {
  if (alerts.length === 0) return new Set();
  const ids = alerts.map(({ _id: id = '' }) => id);
  const { docs } = await client.mget({ index: UNITS, ids: ids.map((id) => `delivery:${name}:${id}`), _source: false });
  return new Set(ids.filter((_, i) => (docs[i] as { found?: boolean } | undefined)?.found === true));
}
