import { backOff, isTooMuch } from '../elastic/too-much.ts';
import type { ReadOptions, Source, TimeRange, Window } from '../sources/source.ts';

/** So many documents are read and settled at once, at most. */
export const WINDOW_DOCUMENTS = 500_000;
const SHORTEST_MS = 1000;

/** A part of a range that is read at once, with the number of documents in it. */
export interface Part {
  readonly window: Window;
  readonly documents: number;
  /** Everything before it is covered once the part is settled; milliseconds since 1970 UTC. */
  readonly until: number;
}

export interface Size {
  /** Documents of a window. */
  readonly most?: number;
  /** Documents of the whole range, where they were counted already. */
  readonly counted?: number;
}

/**
 * Splits a range into windows that a pass can bear, in order of time: halves of halves, as the documents lie.
 *
 * @param toWindow the window of a part of the range.
 */
export async function* splitRange(
  source: Source,
  range: TimeRange,
  toWindow: (range: TimeRange) => Window,
  options: ReadOptions,
  { most = WINDOW_DOCUMENTS, counted }: Size = {},
): AsyncGenerator<Part> {
  const waiting = [range];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const window = toWindow(next);
    const documents = next === range && counted !== undefined ? counted : await countOrMany(source, window, options);
    const middle = Math.floor((next.from + next.to) / 2);
    if (documents <= most || next.to - next.from <= SHORTEST_MS) {
      // One that is too short to be halved is counted, or the pass ends here.
      const seen = documents === Infinity ? await source.count(window, options) : documents;
      yield { window, documents: seen, until: next.to };
    } else {
      waiting.push({ from: middle, to: next.to }, { from: next.from, to: middle });
    }
  }
}

/** A window that is too much to be counted counts as one of too many. */
export async function countOrMany(source: Source, window: Window, options: ReadOptions): Promise<number> {
  try {
    return await source.count(window, options);
  } catch (error) {
    if (!isTooMuch(error)) throw error;
    await backOff(0);
    return Infinity;
  }
}

/** A range of stored timestamps, as for a backfill. */
export function timestampParts(source: Source, range: TimeRange, read: ReadOptions): AsyncGenerator<Part> {
  return splitRange(source, range, (part) => ({ by: 'timestamp', range: part }), read);
}

/** A range by arrival up to now, then what has no place in time. */
export async function* sweepParts(source: Source, range: TimeRange, read: ReadOptions): AsyncGenerator<Part> {
  yield* splitRange(source, range, (part) => ({ by: 'arrival', range: part, overlap: 0 }), read);
  yield* restParts(source, range, read);
}

/** What no range by arrival up to now covers. */
export async function* restParts(source: Source, { to }: TimeRange, read: ReadOptions): AsyncGenerator<Part> {
  const window: Window = { by: 'rest', after: to };
  yield { window, documents: await source.count(window, read), until: to };
}
