import type { Indicator } from '../../model/indicator.ts';
import { groupBy, NONE, type Table } from './table.ts';

/** Length and first letters of what begins at a place in a name, as a number of 16 bits. */
function beginning(name: string, start: number): number {
  const letters = ((name.charCodeAt(start) & 31) << 5) | (name.charCodeAt(start + 1) & 31);
  return (((name.length - start) & 63) << 10) | letters;
}

/**
 * Finds a name and its parents, never a name that only ends alike: a walk over the labels from the right, which ends
 * at the length of the longest listed name.
 */
export function domainTable(indicators: readonly Indicator[]): Table {
  const byName = groupBy(indicators, ({ value }) => value);
  // Most parents begin like no listed name: that is told without a string made of them.
  const beginnings = new Uint8Array(1 << 16);
  for (const { value } of indicators) beginnings[beginning(value, 0)] = 1;
  const longest = indicators.reduce((most, { value }) => Math.max(most, value.length), 0);
  return {
    indicators,
    find(value) {
      let found: readonly Indicator[] = NONE;
      for (let dot = value.lastIndexOf('.'); ; dot = value.lastIndexOf('.', dot - 1)) {
        const start = dot + 1;
        if (value.length - start > longest) break;
        if (beginnings[beginning(value, start)] === 1) {
          const listed = byName.get(start === 0 ? value : value.slice(start));
          if (listed !== undefined) found = found.length === 0 ? listed : [...listed, ...found];
        }
        if (dot <= 0) break;
      }
      return found;
    },
  };
}
