import type { Readable } from 'node:stream';
import { SourceError } from '../model/errors.ts';
import type { EventDocument } from '../model/event.ts';
import { type Line, splitLines } from './lines.ts';
import {
  type EventLine,
  isBlank,
  LONGEST_LINE,
  readLine,
  type UnreadableLine,
  unpacked,
  unreadable,
} from './ndjson.ts';

/** A single event of a file. */
export interface OneEvent {
  readonly event: EventDocument;
  /** Line that holds it, 1-based; 1 where the whole input is one document. */
  readonly line: number;
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads one event: that of a line of newline-delimited JSON, else the first; or of an input that as a whole is one
 * document, over however many lines. Plain or gzip.
 *
 * @param name of the input, for errors.
 * @throws SourceError where there is none, or the input can't be read.
 */
export async function readOneEvent(input: Readable, name: string, line?: number): Promise<OneEvent> {
  const kept = createKeeping();
  let first: UnreadableLine | undefined;
  let last = 0;
  try {
    const bytes = await unpacked(input);
    for await (const lines of splitLines(line === undefined ? kept.keep(bytes) : bytes, LONGEST_LINE)) {
      last = lines.at(-1)?.number ?? last;
      const found = first === undefined ? wanted(lines, line) : undefined;
      if (found !== undefined && 'event' in found) return { event: found.event, line: found.number };
      first ??= found;
      if (first !== undefined && (line !== undefined || kept.isFull())) break;
    }
  } catch (error) {
    throw unreadable(error, name, last);
  } finally {
    input.destroy();
  }
  const whole = first === undefined ? undefined : kept.whole();
  if (whole !== undefined) return { event: whole.event, line: 1 };
  throw new SourceError(`${name} holds no event to explain: ${reasonOf(first, last, line)}`, {
    code: 'event_missing',
    location: { file: name, ...(first === undefined ? {} : { line: first.number }) },
  });
}

/** The line that is asked for, or the first that is not blank. */
function wanted(lines: readonly Line[], number: number | undefined): EventLine | UnreadableLine | undefined {
  const found = lines.find((line) => (number === undefined ? !isBlank(line) : line.number === number));
  if (found === undefined) return undefined;
  return isBlank(found) ? { number: found.number, reason: 'the line is blank' } : readLine(found);
}

function reasonOf(first: UnreadableLine | undefined, last: number, line: number | undefined): string {
  if (first !== undefined) {
    const whole = line === undefined ? ', and the input as a whole is no JSON object either' : '';
    return `line ${first.number}: ${first.reason}${whole}. Give a document as it lies under _source.`;
  }
  if (line === undefined) return 'it is empty.';
  return `it ends with line ${last}, before --line ${line}.`;
}

/** Keeps what passes, as long as it may be one document. */
function createKeeping() {
  let parts: Buffer[] = [];
  let length = 0;
  return {
    async *keep(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
      for await (const chunk of chunks) {
        length += chunk.length;
        if (length <= LONGEST_LINE) parts.push(chunk);
        else parts = [];
        yield chunk;
      }
    },
    isFull: () => length > LONGEST_LINE,
    whole(): EventLine | undefined {
      if (length > LONGEST_LINE) return undefined;
      const all = Buffer.concat(parts);
      const isMarked = all.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
      const read = readLine({ number: 1, bytes: isMarked ? all.subarray(BYTE_ORDER_MARK.length) : all, ending: '' });
      return 'event' in read ? read : undefined;
    },
  };
}
