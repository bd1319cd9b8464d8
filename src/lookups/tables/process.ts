import type { Indicator } from '../../model/indicator.ts';
import { groupBy, NONE, type Table } from './table.ts';

/** Finds a process by the name of its file, or by its hash. */
export function processTable(indicators: readonly Indicator[]): Table {
  const byValue = groupBy(indicators, ({ value }) => value);
  return { indicators, find: (value) => byValue.get(value) ?? NONE };
}
