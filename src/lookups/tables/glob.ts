import type { Indicator } from '../../model/indicator.ts';
import { compileLiterals } from '../literals.ts';
import { NONE, type Table } from './table.ts';

/** `anywhere` in a text, or the `whole` of it. */
export type Extent = 'anywhere' | 'whole';

/** A text between wildcards, and its number among the literals. */
interface Piece {
  readonly text: string;
  readonly number: number;
}

interface Glob {
  /** Place among the indicators. */
  readonly place: number;
  readonly indicator: Indicator;
  /** In order; a wildcard at an end makes an empty piece there, which has no number. */
  readonly pieces: readonly Piece[];
  readonly excludes: readonly Piece[];
}

const UNNUMBERED = -1;

/**
 * Whether the pieces stand in the text, one behind the other: each where it comes first behind the last one.
 *
 * @param ends where each literal that is in the text first ends.
 */
function fits(text: string, pieces: readonly Piece[], ends: ReadonlyMap<number, number>, extent: Extent): boolean {
  if (!pieces.every(({ number }) => number === UNNUMBERED || ends.has(number))) return false;
  const [first] = pieces;
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) return false;
  if (extent === 'whole' && pieces.length === 1) return text === first.text;
  if (extent === 'whole' && !(text.startsWith(first.text) && text.endsWith(last.text))) return false;
  const limit = extent === 'whole' ? text.length - last.text.length : text.length;
  let at = 0;
  for (const piece of extent === 'whole' ? pieces.slice(0, -1) : pieces) {
    const end = ends.get(piece.number) ?? 0;
    const start = end - piece.text.length >= at ? end - piece.text.length : text.indexOf(piece.text, at);
    if (start < 0) return false;
    at = start + piece.text.length;
  }
  return at <= limit;
}

/**
 * Finds texts with `*` wildcards, whatever their case. Costs a walk over the text, and more only for indicators of
 * which the longest piece is in it.
 */
export function globTable(indicators: readonly Indicator[], extent: Extent): Table {
  const numbers = new Map<string, number>();
  const pieceOf = (text: string): Piece => {
    if (text !== '' && !numbers.has(text)) numbers.set(text, numbers.size);
    return { text, number: numbers.get(text) ?? UNNUMBERED };
  };
  const byLongest = new Map<number, Glob[]>();
  for (const [place, indicator] of indicators.entries()) {
    const pieces = indicator.value.toLowerCase().split('*').map(pieceOf);
    const excludes = (indicator.excludes ?? []).map((text) => pieceOf(text.toLowerCase()));
    const { number } = pieces.reduce((most, piece) => (piece.text.length > most.text.length ? piece : most));
    const glob: Glob = { place, indicator, pieces, excludes };
    const group = byLongest.get(number);
    if (group === undefined) byLongest.set(number, [glob]);
    else group.push(glob);
  }
  const literals = compileLiterals([...numbers.keys()]);

  return {
    indicators,
    find(value) {
      if (numbers.size === 0) return NONE;
      const text = value.toLowerCase();
      const ends = literals.find(text);
      const found: Glob[] = [];
      for (const number of ends.keys()) {
        for (const glob of byLongest.get(number) ?? []) {
          if (glob.excludes.some((excluded) => ends.has(excluded.number))) continue;
          if (fits(text, glob.pieces, ends, extent)) found.push(glob);
        }
      }
      if (found.length === 0) return NONE;
      return found.sort((a, b) => a.place - b.place).map(({ indicator }) => indicator);
    },
  };
}
