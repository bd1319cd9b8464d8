import type { Indicator } from '../model/indicator.ts';
import { compile, type Tables } from './compile.ts';

/**
 * The tables of those indicators that some tables have and earlier ones had not. One whose words alone changed
 * (provider, licence, reference, note, sightings) was there before; one of another confidence or with another expiry
 * was not.
 *
 * @param today YYYY-MM-DD, UTC: the day for which the later tables were compiled, or a later one.
 */
export function addedSince(before: Tables, after: Tables, today: string): Tables {
  const known = new Set<string>();
  for (const indicator of indicatorsOf(before)) known.add(keyOf(indicator));
  const lookups = after.lookups.map(({ indicators, ...lookup }) => ({
    ...lookup,
    indicators: indicators.filter((indicator) => !known.has(keyOf(indicator))),
  }));
  return compile(lookups, today);
}

function* indicatorsOf({ lookups }: Tables): Generator<Indicator> {
  for (const { indicators } of lookups) yield* indicators;
}

/** What decides when it counts and for how much. */
function keyOf({ lookup, kind, value, port, confidence, category, expires, transport, excludes, params }: Indicator) {
  return JSON.stringify([lookup, kind, value, port, confidence, category, expires, transport, excludes, params]);
}

/** Whether there is nothing to look for. */
export function isEmpty({ lookups }: Tables): boolean {
  return lookups.every(({ indicators }) => indicators.length === 0);
}
