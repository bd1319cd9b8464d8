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

/**
 * Parts a stream of bytes into lines, those of one chunk at a time. Holds a chunk and one line of at most `longest`
 * bytes. A byte order mark before the first line is left out.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<readonly Line[], void, undefined> {
  let number = 0;
  let parts: Buffer[] = [];
  let length = 0;

  function add(part: Buffer): void {
    length += part.length;
    if (length <= longest) parts.push(part);
    else parts = [];
  }
  function take(ending: '\n' | ''): Line {
    number += 1;
    const whole = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const bytes = length > longest ? undefined : whole;
    parts = [];
    length = 0;
    return lineOf(number, bytes, ending);
  }

  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      add(chunk.subarray(start, end));
      lines.push(take('\n'));
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take('')];
}

function lineOf(number: number, bytes: Buffer | undefined, ending: '\n' | ''): Line {
  if (bytes === undefined) return { number, bytes, ending };
  const marked = number === 1 && bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const text = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  if (ending === '' || text.at(-1) !== CARRIAGE_RETURN) return { number, bytes: text, ending };
  return { number, bytes: text.subarray(0, -1), ending: '\r\n' };
}
