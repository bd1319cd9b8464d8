import type { Client } from '@elastic/elasticsearch';
import { serverTime } from '../elastic/clock.ts';
import { sinkError } from '../elastic/errors.ts';
import { UNITS } from '../elastic/names.ts';
import { readVersioned, type Versioned } from '../elastic/versioned.ts';
import { isoTime } from '../model/time.ts';
import type { Failure } from '../sinks/matched.ts';
import type { AlertDocument } from '../sinks/webhook-body.ts';
import type { WrittenAlert } from './due-alerts.ts';
import { noteFailures } from './ledger.ts';

/** Which alerts a receiver has settled, a document each in our state index. */
export interface SettledAlerts {
  /** Parts alerts into those that are settled and the others, with what they say; deleted ones are in neither. */
  part(alerts: readonly WrittenAlert[]): Promise<{
    readonly settled: readonly string[];
    readonly open: readonly { readonly alert: WrittenAlert; readonly document: AlertDocument }[];
  }>;
  acknowledged(alert: WrittenAlert): Promise<void>;
  /** Names the alert in the ledger as well. */
  refused(alert: WrittenAlert, why: string): Promise<Failure>;
}

/** @param receiver the receiver's name. */
export function createSettledAlerts(client: Client, receiver: string, version: string): SettledAlerts {
  const placeOf = ({ id }: WrittenAlert) => ({ index: UNITS, id: `delivery:${receiver}:${id}` });

  async function settle(alert: WrittenAlert, state: 'acknowledged' | 'refused'): Promise<void> {
    const { index, id } = alert;
    const updated = isoTime(Date.now());
    const document = { type: 'delivery', version, source: receiver, state, document: { index, id }, updated };
    try {
      await client.index({ ...placeOf(alert), document, require_alias: false });
    } catch (error) {
      throw sinkError(`Noting that alert ${id} is ${state}`, error);
    }
  }

  return {
    async part(alerts) {
      const noted = await read<unknown>(client, alerts.map(placeOf));
      const isSettled = (alert: WrittenAlert): boolean => noted.has(placeOf(alert).id);
      const settled = alerts.filter(isSettled).map(({ id }) => id);
      const rest = alerts.filter((alert) => !isSettled(alert));
      const documents = await read<AlertDocument>(client, rest);
      const open = rest.flatMap((alert) => {
        const document = documents.get(alert.id)?.document;
        return document === undefined ? [] : [{ alert, document }];
      });
      return { settled, open };
    },
    acknowledged: (alert) => settle(alert, 'acknowledged'),
    async refused(alert, why) {
      const { index, id } = alert;
      const failure: Failure = { index, id, reason: `The webhook refused it: ${why}.`, retryable: false };
      await noteFailures(client, { source: receiver, version, now: await serverTime(client) }, [failure]);
      await settle(alert, 'refused');
      return failure;
    },
  };
}

async function read<T>(
  client: Client,
  places: Parameters<typeof readVersioned>[1],
): Promise<Map<string, Versioned<T>>> {
  if (places.length === 0) return new Map();
  try {
    return await readVersioned<T>(client, places);
  } catch (error) {
    throw sinkError('Reading the alerts that are to be posted', error);
  }
}
