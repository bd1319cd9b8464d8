import type { Indicator } from '../../model/indicator.ts';

/** One kind's indicators, compiled. */
export interface Table {
  /** Indicators of which the value (an observable in normal form) is one; empty if none. Never throws. */
  find(value: string): readonly Indicator[];
  /** Every indicator in the table, in the order of the lookups. */
  readonly indicators: readonly Indicator[];
}

export const NONE: readonly Indicator[] = [];

/** Indicators by key. */
export interface Groups {
  /** Number of keys. */
  readonly size: number;
  get(key: string): readonly Indicator[] | undefined;
}

/** A million keys mostly have one indicator each: it is kept without a list around it, which would cost as much again. */
export function groupBy(indicators: readonly Indicator[], keyOf: (indicator: Indicator) => string): Groups {
  const groups = new Map<string, Indicator | Indicator[]>();
  for (const indicator of indicators) {
    const key = keyOf(indicator);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, indicator);
    else if (Array.isArray(group)) group.push(indicator);
    else groups.set(key, [group, indicator]);
  }
  return {
    size: groups.size,
    get(key) {
      const group = groups.get(key);
      return group === undefined || Array.isArray(group) ? group : [group];
    },
  };
}
