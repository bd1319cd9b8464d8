import type { Spot } from './prefilter-spots.ts';
import { DOUBT, type Walk } from './prefilter-tokens.ts';
import type { Leaf } from './prefilter-walk.ts';

/**
 * The bytes between one value of a line and the next, or the line's end: quotes, brackets, keys. Events of one source
 * have the same ones over and over: to know them by sight spares reading them.
 */
interface Seam {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** The same, four bytes a number; of what is left at the end, the last four once more. */
  readonly words: readonly number[];
  /** What comes behind it: a string, another scalar, or nothing more. */
  readonly before: 'string' | 'scalar' | 'end';
  readonly spot: Spot | undefined;
  /** Seams that were met behind the value. */
  readonly next: Seam[];
}

/** Goes from value to value over the seams it knows. */
export interface Seams {
  /** Past the line that begins at `from`; doubt where a value is in doubt, `UNKNOWN` where a seam is not known. */
  follow(walk: Walk, from: number): number;
  /** Learns the seams of a line of which these are the leaves. @param end past its line feed. */
  learn(bytes: Buffer, from: number, leaves: readonly Leaf[], end: number): void;
}

/** In place of an offset: here is something that was not met before. */
export const UNKNOWN = -2;

/** Of hostile or very mixed events there are ever new ones. */
const MOST_SEAMS = 20_000;
const MOST_NEXT = 32;

function startOf(): Seam {
  return { bytes: new Uint8Array(), length: 0, words: [], before: 'string', spot: undefined, next: [] };
}

export function createSeams(): Seams {
  const known = new Map<string, Seam>();
  const start = startOf();

  function seamOf(bytes: Buffer, from: number, to: number, within: string, leaf: Leaf | undefined): Seam | undefined {
    const before = leaf === undefined ? 'end' : leaf.isString ? 'string' : 'scalar';
    const key = `${within} ${before} ${bytes.toString('latin1', from, to)}`;
    let seam = known.get(key);
    if (seam === undefined && known.size < MOST_SEAMS) {
      const own = new Uint8Array(bytes.subarray(from, to));
      seam = { bytes: own, length: own.length, words: wordsOf(own), before, spot: leaf?.spot, next: [] };
      known.set(key, seam);
    }
    return seam;
  }

  return {
    follow(walk, from) {
      let at = from;
      let seam = start;
      for (;;) {
        const next = nextSeam(seam.next, walk, at);
        if (next === undefined) return UNKNOWN;
        at += next.length;
        if (next.spot === undefined) return at;
        at = next.before === 'string' ? next.spot.stringEnd(walk, at) : next.spot.scalarEnd(walk, at);
        if (at === DOUBT) return DOUBT;
        seam = next;
      }
    },
    learn(bytes, from, leaves, end) {
      let seam = start;
      let at = from;
      let within = '';
      for (const leaf of [...leaves, undefined]) {
        const next = seamOf(bytes, at, leaf?.from ?? end, within, leaf);
        if (next === undefined) return;
        if (!seam.next.includes(next) && seam.next.length < MOST_NEXT) seam.next.push(next);
        seam = next;
        at = leaf?.to ?? end;
        within = leaf?.within ?? '';
      }
    },
  };
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer);
  const words: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) words.push(view.getInt32(at, true));
  if (bytes.length > 4 && bytes.length % 4 !== 0) words.push(view.getInt32(bytes.length - 4, true));
  return words;
}

/** The seam that stands in the bytes; those that are met more often come to stand before others. */
function nextSeam(seams: Seam[], walk: Walk, at: number): Seam | undefined {
  for (let i = 0; i < seams.length; i += 1) {
    const seam = seams[i];
    if (seam === undefined || !stands(seam, walk, at)) continue;
    if (i > 0) {
      seams[i] = seams[i - 1] ?? seam;
      seams[i - 1] = seam;
    }
    return seam;
  }
  return undefined;
}

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;
const OPEN = 0x7b;

function stands({ bytes, length, words, before }: Seam, { view, length: limit }: Walk, at: number): boolean {
  const end = at + length;
  if (end > limit) return false;
  if (length < 4) {
    for (let i = 0; i < length; i += 1) if (view.getUint8(at + i) !== bytes[i]) return false;
  } else {
    const last = words.length - 1;
    for (let i = 0; i < last; i += 1) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
    if (view.getInt32(end - 4, true) !== words[last]) return false;
  }
  if (before !== 'scalar') return true;
  // A value of another type may stand where a scalar stood.
  const code = end < limit ? view.getUint8(end) : 0;
  return code !== QUOTE && code !== OPEN && code !== OPEN_LIST;
}
