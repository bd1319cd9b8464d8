import type { Indicator } from '../../model/indicator.ts';
import { compileLiterals } from '../literals.ts';
import { NONE, type Table } from './table.ts';

interface Glob {
  readonly indicator: Indicator;
  /** The texts between the wildcards, lower case. */
  readonly pieces: readonly string[];
  readonly excludes: readonly string[];
  /** Number of the longest piece among the literals. */
  readonly key: number;
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** Whether the pieces stand in the text, one behind the other; each is looked for once, from where the last one ended. */
function fits(text: string, pieces: readonly string[], extent: 'anywhere' | 'whole'): boolean {
  let at = 0;
  const last = pieces.length - 1;
  for (const [i, piece] of pieces.entries()) {
    const whole = extent === 'whole';
    if (whole && i === last && i > 0) return text.length - piece.length >= at && text.endsWith(piece);
    const found = text.indexOf(piece, at);
    if (found < 0 || (whole && i === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  return extent === 'anywhere' || at === text.length;
}

/**
 * Finds texts with `*` wildcards, whatever their case: `anywhere` in a text, or as the `whole` of it. Costs a walk over
 * the text, and more only for indicators of which the longest piece is in it.
 */
export function globTable(indicators: readonly Indicator[], extent: 'anywhere' | 'whole'): Table {
  const keys = new Map<string, number>();
  const globs = indicators.map((indicator): Glob => {
    const pieces = lower(indicator.value).split('*');
    const longest = pieces.reduce((most, piece) => (piece.length > most.length ? piece : most), '');
    if (!keys.has(longest)) keys.set(longest, keys.size);
    return { indicator, pieces, excludes: (indicator.excludes ?? []).map(lower), key: keys.get(longest) ?? 0 };
  });
  const literals = compileLiterals([...keys.keys()]);
  return {
    indicators,
    find(value) {
      if (globs.length === 0) return NONE;
      const text = lower(value);
      const present = literals.find(text);
      if (present.size === 0) return NONE;
      return globs
        .filter(
          ({ key, pieces, excludes }) =>
            present.has(key) && fits(text, pieces, extent) && !excludes.some((excluded) => text.includes(excluded)),
        )
        .map(({ indicator }) => indicator);
    },
  };
}
