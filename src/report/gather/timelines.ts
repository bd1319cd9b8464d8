import type { Client } from '@elastic/elasticsearch';
import { compositeBuckets } from '../../elastic/composite.ts';
import { MATCHES } from '../../elastic/names.ts';
import { MOST_STEPS, stepOf, stepsInOrder, type Timeline } from '../incident.ts';

/** Incidents of one request: with their hours and steps, the buckets of an answer stay below 65,536. */
const SOME = 1000;
export const HOURS = 24;
const HOUR = '1h';

interface HourBucket {
  /** Milliseconds since 1970 UTC. */
  readonly key: number;
  readonly doc_count: number;
}
interface StepBucket {
  readonly key: string;
  readonly doc_count: number;
  readonly first: { readonly value: number | null };
  readonly last: { readonly value: number | null };
}

/** How the days of incidents went, by their ids; from the match documents. */
export async function readTimelines(client: Client, incidents: readonly string[]): Promise<Map<string, Timeline>> {
  const timelines = new Map<string, Timeline>();
  for (let start = 0; start < incidents.length; start += SOME) {
    const some = incidents.slice(start, start + SOME);
    const buckets = compositeBuckets(client, {
      index: `${MATCHES}-*`,
      query: { terms: { 'minecanary.incident.id': [...some] } },
      keys: { incident: 'minecanary.incident.id' },
      size: SOME,
      aggs: {
        hours: { date_histogram: { field: '@timestamp', fixed_interval: HOUR, min_doc_count: 1 } },
        steps: {
          // The points stand first in them, so that their order is that of the evidence; denied and allowed are two.
          terms: { field: 'minecanary.ranked', size: 2 * MOST_STEPS, order: { _key: 'desc' } },
          aggs: { first: { min: { field: '@timestamp' } }, last: { max: { field: '@timestamp' } } },
        },
      },
    });
    for await (const bucket of buckets) {
      const { buckets: hours } = bucket['hours'] as { readonly buckets: readonly HourBucket[] };
      const { buckets: steps } = bucket['steps'] as { readonly buckets: readonly StepBucket[] };
      timelines.set(String(bucket.key['incident']), {
        hours: hoursOf(hours),
        steps: stepsInOrder(
          steps.map(({ key, doc_count: events, first, last }) => stepOf(key, events, first.value, last.value)),
        ),
      });
    }
  }
  return timelines;
}

function hoursOf(buckets: readonly HourBucket[]): number[] {
  if (buckets.length === 0) return [];
  const hours = Array.from({ length: HOURS }, () => 0);
  for (const { key, doc_count: events } of buckets) {
    const hour = new Date(key).getUTCHours();
    hours[hour] = (hours[hour] ?? 0) + events;
  }
  return hours;
}
