/** A line of a stream, without what ends it. */
export interface Line {
  /** 1-based. */
  readonly number: number;
  /** Undefined where the line is longer than the longest: its bytes were let go. */
  readonly bytes: Buffer | undefined;
  /** `\n`, `\r\n`, or '' after the last line of a stream that ends without. */
  readonly ending: string;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A line of which the bytes come piece by piece. */
export interface Pieces {
  /** Of what has come so far. */
  length(): number;
  /** The piece is copied: whoever reads may use its memory again. */
  add(piece: Buffer): void;
  /** The line; undefined where it is longer than the longest. A new one begins. */
  take(): Buffer | undefined;
}

/** @param longest bytes of a line, without its line feed; of a longer one they are let go. */
export function createPieces(longest: number): Pieces {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    length: () => length,
    add(piece) {
      length += piece.length;
      // A line may have its line feed besides.
      if (length <= longest + 1) parts.push(Buffer.from(piece));
      else parts = [];
    },
    take() {
      const whole = length > longest + 1 ? undefined : parts.length === 1 ? parts[0] : Buffer.concat(parts);
      parts = [];
      length = 0;
      return whole;
    },
  };
}

/**
 * Parts a stream of bytes into blocks of whole lines, the line feeds included; only the last line of the stream may have
 * none. A line that spans chunks and is longer than `longest` bytes is a block of its own, undefined: its bytes are let
 * go. Holds a chunk and one such line; a block is good until the next one is asked for.
 */
export async function* splitBlocks(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<Buffer | undefined, void, undefined> {
  const line = createPieces(longest);
  for await (const chunk of chunks) {
    const past = chunk.lastIndexOf(LINE_FEED) + 1;
    let start = 0;
    if (past > 0 && line.length() > 0) {
      const end = chunk.indexOf(LINE_FEED);
      line.add(chunk.subarray(0, end + 1));
      start = end + 1;
      yield line.take();
    }
    if (start < past) yield chunk.subarray(start, past);
    if (past < chunk.length) line.add(chunk.subarray(past));
  }
  if (line.length() > 0) yield line.take();
}

/** The lines of a block of whole lines. @param number of the first of them. */
export function linesOf(block: Buffer | undefined, number: number, longest: number): Line[] {
  if (block === undefined) return [{ number, bytes: undefined, ending: '\n' }];
  const lines: Line[] = [];
  for (let start = 0; start < block.length; ) {
    const feed = block.indexOf(LINE_FEED, start);
    const end = feed < 0 ? block.length : feed;
    const bytes = end - start > longest ? undefined : block.subarray(start, end);
    lines.push(lineOf(number + lines.length, bytes, feed < 0 ? '' : '\n'));
    start = end + 1;
  }
  return lines;
}

/**
 * Parts a stream of bytes into lines, those of one chunk at a time. A byte order mark before the first line is left out.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  let number = 0;
  for await (const block of splitBlocks(chunks, longest)) {
    const lines = linesOf(block, number + 1, longest);
    number += lines.length;
    yield lines;
  }
}

/** A line without what ends it, and the first one without its byte order mark. */
export function lineOf(number: number, bytes: Buffer | undefined, ending: '\n' | ''): Line {
  if (bytes === undefined) return { number, bytes, ending };
  const marked = number === 1 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const text = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  if (ending === '' || text.at(-1) !== CARRIAGE_RETURN) return { number, bytes: text, ending };
  return { number, bytes: text.subarray(0, -1), ending: '\r\n' };
}
