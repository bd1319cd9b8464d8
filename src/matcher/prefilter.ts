import { isUtf8 } from 'node:buffer';
import { type LearnedTable, NOTHING_LEARNED } from '../lookups/learned.ts';
import { createSeams, UNKNOWN } from './prefilter-seams.ts';
import { createSpots } from './prefilter-spots.ts';
import { DOUBT, skipBlanks, viewOf, type Walk } from './prefilter-tokens.ts';
import { type Leaf, walkObject } from './prefilter-walk.ts';
import type { Sifter } from './sift.ts';

/** Tells from the bytes of a line, without parsing it, that it can't match. */
export interface Prefilter {
  /**
   * Past the line feed of the line that begins at `from`, where the line is valid JSON in valid UTF-8, an object, and
   * no event that may match; else -1: it has to be parsed. Never throws.
   *
   * @param bytes with a line feed at `from` or behind it.
   */
  skip(bytes: Buffer, from: number): number;
}

const LINE_FEED = 0x0a;
/** So many lines may be learned from and, of those that follow, one in so many: learning costs more than it spares. */
const LESSONS_AT_FIRST = 1000;
const LINES_PER_LESSON = 50;

/** @param learned addresses that count besides the sifter's tables. */
export function createPrefilter(sifter: Sifter, learned: LearnedTable = NOTHING_LEARNED): Prefilter {
  const root = createSpots(sifter, learned);
  const seams = createSeams();
  let whole: Buffer | undefined;
  let view = viewOf(new Uint8Array());
  let lessons = LESSONS_AT_FIRST;

  function walkLine(walk: Walk, from: number): number {
    const { bytes } = walk;
    const leaves: Leaf[] = [];
    const end = walkObject(walk, from, root, leaves);
    if (end === DOUBT) return DOUBT;
    const past = skipBlanks(bytes, end) + 1;
    if (bytes[past - 1] !== LINE_FEED || !isText(walk, from, past)) return DOUBT;
    if (lessons >= 1) {
      lessons -= 1;
      seams.learn(bytes, from, leaves, past);
    }
    return past;
  }

  return {
    skip(bytes, from) {
      if (bytes !== whole) {
        whole = bytes;
        view = viewOf(bytes);
      }
      const walk: Walk = { bytes, view, length: bytes.length, escaped: false, ascii: true };
      lessons += 1 / LINES_PER_LESSON;
      const past = seams.follow(walk, from);
      if (past === UNKNOWN) return walkLine({ ...walk, ascii: true }, from);
      return past === DOUBT || !isText(walk, from, past) ? DOUBT : past;
    },
  };
}

function isText({ bytes, ascii }: Walk, from: number, to: number): boolean {
  return ascii || isUtf8(bytes.subarray(from, to));
}
