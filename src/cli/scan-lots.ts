import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Prefilter } from '../matcher/prefilter.ts';
import { createPieces } from '../sources/lines.ts';
import { LONGEST_LINE, unpacked } from '../sources/ndjson.ts';
import { type Sifted, type SiftedBlock, siftBlock } from '../sources/prefilter.ts';

/** So many bytes of an input, wherever lines begin and end in them. */
export interface Lot {
  /** Threads see it too. */
  readonly memory: Buffer<SharedArrayBuffer>;
  /** Bytes of the input before it. */
  readonly position: number;
  /** How many bytes of it lie in the memory already, or the descriptor of the file to read them from. */
  readonly from: { readonly length: number } | { readonly descriptor: number };
}

/** What was found out about the whole lines of a lot. */
export interface SiftedLot extends Sifted {
  /** Bytes that are there: fewer than fit are the end of the input. */
  readonly length: number;
  /** Offset past the first line feed, where a line began in an earlier lot; and past the last one. */
  readonly start: number;
  readonly end: number;
}

/** Bytes: enough that handing a lot over costs nothing beside it, and few enough for a processor's cache. */
const LOT = 524_288;
const LINE_FEED = 0x0a;

/** Memory for lots, used again and again. */
export function createMemory(): { take: () => Lot['memory']; give: (memory: Lot['memory']) => void } {
  const free: Lot['memory'][] = [];
  return {
    take: () => free.pop() ?? Buffer.from(new SharedArrayBuffer(LOT)),
    give: (memory) => void free.push(memory),
  };
}

/** Reads what isn't read yet, and sifts it. @throws where reading fails. */
export function siftLot({ memory, position, from }: Lot, prefilter: Prefilter): SiftedLot {
  const length = 'length' in from ? from.length : readAll(from.descriptor, memory, position);
  const bytes = memory.subarray(0, length);
  const feed = bytes.indexOf(LINE_FEED);
  const start = position === 0 ? 0 : feed < 0 ? length : feed + 1;
  const end = Math.max(start, bytes.lastIndexOf(LINE_FEED) + 1);
  return { length, start, end, ...siftBlock(bytes.subarray(start, end), prefilter) };
}

function readAll(descriptor: number, memory: Buffer, position: number): number {
  let length = 0;
  while (length < memory.length) {
    const more = readSync(descriptor, memory, length, memory.length - length, position + length);
    if (more === 0) break;
    length += more;
  }
  return length;
}

/** Lots of a file, without end: who reads them sees where it is. */
export function* lotsOfFile(descriptor: number, take: () => Lot['memory']): Generator<Lot, void, undefined> {
  for (let position = 0; ; position += LOT) yield { memory: take(), position, from: { descriptor } };
}

/** Lots of any other input. Where it ends with an error, what came before it is given first. */
export async function* lotsOfStream(input: Readable, take: () => Lot['memory']): AsyncGenerator<Lot, void, undefined> {
  let memory = take();
  let length = 0;
  let position = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const chunk of await unpacked(input)) {
      for (let at = 0; at < chunk.length; ) {
        const copied = chunk.copy(memory, length, at);
        at += copied;
        length += copied;
        if (length < LOT) continue;
        yield { memory, position, from: { length } };
        memory = take();
        position += length;
        length = 0;
      }
    }
  } catch (error) {
    failure = { error };
  }
  yield { memory, position, from: { length } };
  if (failure !== undefined) throw failure.error;
}

/** The whole lines of lots, in order, and between them those that lie in several. */
export function createJoints(prefilter: Prefilter) {
  const line = createPieces(LONGEST_LINE);
  const take = (): SiftedBlock | undefined => {
    const block = line.take();
    return block && { block, ...siftBlock(block, prefilter) };
  };
  return {
    *blocksOf(memory: Buffer, { length, start, end, ...sifted }: SiftedLot): Generator<SiftedBlock | undefined> {
      line.add(memory.subarray(0, start));
      if (start > 0 && memory[start - 1] === LINE_FEED) yield take();
      if (start < end) yield { block: memory.subarray(start, end), ...sifted };
      line.add(memory.subarray(end, length));
    },
    /** The last line, where it has no line feed. */
    *rest(): Generator<SiftedBlock | undefined> {
      if (line.length() > 0) yield take();
    },
  };
}
