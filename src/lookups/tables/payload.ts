import type { Indicator } from '../../model/indicator.ts';
import { groupBy, NONE, type Table } from './table.ts';

/** Finds `method(parameter,parameter)` by the method, where it has the parameters an indicator asks for. */
export function payloadTable(indicators: readonly Indicator[]): Table {
  const byMethod = groupBy(indicators, ({ value }) => value);
  return {
    indicators,
    find(value) {
      const open = value.indexOf('(');
      const listed = byMethod.get(value.slice(0, open));
      if (listed === undefined) return NONE;
      const params = new Set(value.slice(open + 1, -1).split(','));
      return listed.filter(({ params: wanted }) => wanted === undefined || wanted.every((name) => params.has(name)));
    },
  };
}
