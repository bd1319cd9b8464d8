import type { Indicator } from '../../model/indicator.ts';
import { groupBy, NONE, type Table } from './table.ts';

/**
 * Finds a name and its parents, never a name that only ends alike: a walk over the labels from the right, which ends
 * at the length of the longest listed name.
 */
export function domainTable(indicators: readonly Indicator[]): Table {
  const byName = groupBy(indicators, ({ value }) => value);
  const longest = indicators.reduce((most, { value }) => Math.max(most, value.length), 0);
  return {
    indicators,
    find(value) {
      let found: readonly Indicator[] = NONE;
      for (let dot = value.lastIndexOf('.'); ; dot = value.lastIndexOf('.', dot - 1)) {
        const start = dot + 1;
        if (value.length - start > longest) break;
        const listed = byName.get(start === 0 ? value : value.slice(start));
        if (listed !== undefined) found = found.length === 0 ? listed : [...listed, ...found];
        if (dot <= 0) break;
      }
      return found;
    },
  };
}
