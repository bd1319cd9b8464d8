import { fieldMisses } from './near-miss/fields.ts';
import { socketMisses, urlMisses } from './near-miss/hosts.ts';
import { listedMisses } from './near-miss/listed.ts';
import { nameMisses } from './near-miss/names.ts';
import type { NearMiss, Search } from './near-miss/near-miss.ts';
import { payloadMisses, processMisses, textMisses } from './near-miss/texts.ts';

/** Near misses that are told; of more, only the number. */
const MOST_TOLD = 50;

export interface NearMisses {
  /** Of one value and indicator, the first reason alone; those nearest to a match first. */
  readonly told: readonly NearMiss[];
  readonly leftOut: number;
}

const SEARCHES = [
  listedMisses,
  nameMisses,
  socketMisses,
  urlMisses,
  textMisses,
  processMisses,
  payloadMisses,
  fieldMisses,
];

/** What in an event is close to a match and is none. Costs a walk over all indicators: for one event, not for many. */
export function findNearMisses(search: Search): NearMisses {
  const told: NearMiss[] = [];
  const seen = new Set<string>();
  const indicators = new Map<unknown, number>();
  let leftOut = 0;
  for (const find of SEARCHES) {
    for (const miss of find(search)) {
      const { indicator, value, field } = miss;
      const row = indicators.get(indicator) ?? indicators.size;
      indicators.set(indicator, row);
      // A value in several fields is one; what can't be read is told field by field.
      const key = JSON.stringify([row, value, indicator === undefined ? field : '']);
      if (seen.has(key)) continue;
      seen.add(key);
      if (told.length < MOST_TOLD) told.push(miss);
      else leftOut += 1;
    }
  }
  return { told, leftOut };
}
