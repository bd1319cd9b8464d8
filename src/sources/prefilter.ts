import type { Readable } from 'node:stream';
import type { Prefilter } from '../matcher/prefilter.ts';
import { lineOf, splitBlocks } from './lines.ts';
import {
  type EventLine,
  isBlank,
  LONGEST_LINE,
  readLine,
  type UnreadableLine,
  unpacked,
  unreadable,
} from './ndjson.ts';

/** Lines, one behind the other, of events that can't match. */
export interface ClearLines {
  readonly count: number;
  /** As they came, the line feeds included. */
  readonly bytes: Buffer;
}

/** What was found out about a block of whole lines. */
export interface Sifted {
  readonly lines: number;
  /** Of each line that has to be read: its place among the lines, and its offsets, the line feed left out. */
  readonly doubtful: Uint32Array;
}

const LINE_FEED = 0x0a;
const PER_LINE = 3;

/** Parts the lines that have to be read from those that can't match. */
export function siftBlock(block: Buffer, prefilter: Prefilter): Sifted {
  const doubtful: number[] = [];
  const whole = block.lastIndexOf(LINE_FEED) + 1;
  let lines = 0;
  for (let at = 0; at < block.length; lines += 1) {
    let next = at < whole ? prefilter.skip(block, at) : -1;
    if (next < 0 || next - 1 - at > LONGEST_LINE) {
      const feed = block.indexOf(LINE_FEED, at);
      const end = feed < 0 ? block.length : feed;
      doubtful.push(lines, at, end);
      next = end + 1;
    }
    at = next;
  }
  return { lines, doubtful: Uint32Array.from(doubtful) };
}

/** A block, and what was found out about it. */
export interface SiftedBlock extends Sifted {
  readonly block: Buffer;
}

/**
 * Sifts an input, plain or gzip, block by block, in order; undefined stands for a line that is too long. A block is good
 * until the next one is asked for.
 */
export type SiftBlocks = (input: Readable) => AsyncIterable<SiftedBlock | undefined>;

/** Sifts the blocks one by one, as they come. */
export function siftHere(prefilter: Prefilter): SiftBlocks {
  return async function* sift(input) {
    const blocks = splitBlocks(await unpacked(input), LONGEST_LINE);
    for await (const block of blocks) yield block && { block, ...siftBlock(block, prefilter) };
  };
}

/**
 * Reads events as `readNdjson` does, all but those that can't match: of them only the bytes are given.
 *
 * @param name of the input, for errors.
 * @throws SourceError where the input ends early, is damaged or can't be read.
 */
export async function* readPrefiltered(
  input: Readable,
  name: string,
  sift: SiftBlocks,
): AsyncGenerator<readonly (EventLine | UnreadableLine | ClearLines)[], void, undefined> {
  let line = 0;
  try {
    for await (const sifted of sift(input)) {
      const first = line + 1;
      line += sifted?.lines ?? 1;
      yield sifted === undefined
        ? [readLine({ number: first, bytes: undefined, ending: '' })]
        : readBlock(sifted, first);
    }
  } catch (error) {
    throw unreadable(error, name, line);
  } finally {
    input.destroy();
  }
}

function readBlock(
  { block, lines, doubtful }: SiftedBlock,
  first: number,
): readonly (EventLine | UnreadableLine | ClearLines)[] {
  const read: (EventLine | UnreadableLine | ClearLines)[] = [];
  let place = 0;
  let start = 0;
  const passOver = (to: number, end: number): void => {
    if (to > place) read.push({ count: to - place, bytes: block.subarray(start, end) });
  };
  for (let i = 0; i < doubtful.length; i += PER_LINE) {
    const [at = 0, from = 0, to = 0] = doubtful.subarray(i, i + PER_LINE);
    passOver(at, from);
    const bytes = to - from > LONGEST_LINE ? undefined : block.subarray(from, to);
    const line = lineOf(first + at, bytes, to < block.length ? '\n' : '');
    if (!isBlank(line)) read.push(readLine(line));
    place = at + 1;
    start = to + 1;
  }
  passOver(lines, block.length);
  return read;
}
