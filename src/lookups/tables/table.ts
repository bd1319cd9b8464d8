import type { Indicator } from '../../model/indicator.ts';

/** One kind's indicators, compiled. */
export interface Table {
  /** Indicators of which the value (an observable in normal form) is one; empty if none. Never throws. */
  find(value: string): readonly Indicator[];
  /** Every indicator in the table, in the order of the lookups. */
  readonly indicators: readonly Indicator[];
}

export const NONE: readonly Indicator[] = [];

/** Indicators by key. Most keys have one, so the lists are made only where they are needed. */
export function groupBy(
  indicators: readonly Indicator[],
  keyOf: (indicator: Indicator) => string,
): Map<string, Indicator[]> {
  const groups = new Map<string, Indicator[]>();
  for (const indicator of indicators) {
    const key = keyOf(indicator);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [indicator]);
    else group.push(indicator);
  }
  return groups;
}
