import type { Indicator } from '../../model/indicator.ts';
import { groupBy, NONE, type Table } from './table.ts';

/** Finds ports by their decimal text. */
export function portTable(indicators: readonly Indicator[]): Table {
  const byPort = groupBy(indicators, ({ value }) => value);
  return { indicators, find: (value) => byPort.get(value) ?? NONE };
}
