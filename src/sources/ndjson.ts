import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceError } from '../model/errors.ts';
import type { EventDocument } from '../model/event.ts';
import { scanJson } from '../schema/json.ts';
import { type Line, splitLines } from './lines.ts';

/** A line that holds an event. */
export interface EventLine {
  /** 1-based. */
  readonly number: number;
  /** As it came, without what ends it. */
  readonly bytes: Buffer;
  /** `bytes` as text: a JSON object. */
  readonly text: string;
  /** `\n`, `\r\n`, or '' after the last line of a stream that ends without. */
  readonly ending: string;
  readonly event: EventDocument;
  /** True where the line is a document as Elasticsearch returns it, with the event under `_source`. */
  readonly wrapped: boolean;
}

/** A line that holds none, and why. */
export interface UnreadableLine {
  readonly number: number;
  readonly reason: string;
}

/**
 * Bytes. Beats cut a message at 10 MiB and Elasticsearch indexes little of what is that long: a longer line is a file
 * without line breaks rather than an event, and would have to be held as a whole.
 */
export const LONGEST_LINE = 9_999_999;

/**
 * Reads events from newline-delimited JSON, plain or gzip, told apart by their first bytes: one document a line, as it
 * lies under `_source`, or as exports have it, `{"_index", "_id", "_source"}`. Blank lines and a byte order mark are
 * passed over. Gives the lines of one chunk at a time, in order, and holds no more than that.
 *
 * @param name of the input, for errors.
 * @throws SourceError where the input ends early, is damaged or can't be read.
 */
export async function* readNdjson(
  input: Readable,
  name: string,
): AsyncGenerator<readonly (EventLine | UnreadableLine)[], void, undefined> {
  let line = 0;
  try {
    for await (const lines of splitLines(await unpacked(input), LONGEST_LINE)) {
      line = lines.at(-1)?.number ?? line;
      yield lines.filter((one) => !isBlank(one)).map(readLine);
    }
  } catch (error) {
    throw unreadable(error, name, line);
  } finally {
    input.destroy();
  }
}

/** The error for an input that can't be read, or no longer. @param line the last that was read. */
export function unreadable(error: unknown, name: string, line = 0): SourceError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file. Check the path',
    EACCES: 'this user may not read it',
    EISDIR: 'it is a folder. Name a file',
    Z_BUF_ERROR: 'the gzip data end too early. Is the file complete?',
    Z_DATA_ERROR: `the gzip data are damaged (${message})`,
  };
  const after = line === 0 ? '' : ` after line ${line}`;
  return new SourceError(`${name} can't be read${after}: ${(known[code] ?? message).replace(/([^?])$/, '$1.')}`, {
    code: 'input_unreadable',
    cause: error,
    location: { file: name, ...(line === 0 ? {} : { line }) },
  });
}

/** The input, unpacked where its first two bytes say that it is gzip. */
export async function unpacked(input: Readable): Promise<AsyncIterable<Buffer>> {
  const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer, void>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = startingWith(head, chunks);
  if (!isPacked(head)) return whole;
  const gunzip = createGunzip({ chunkSize: 65_536 });
  // What goes wrong reaches the reader of `gunzip`.
  pipeline(Readable.from(whole, { objectMode: false }), gunzip, () => undefined);
  return gunzip;
}

/** Whether bytes begin as gzip does. */
export function isPacked(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

async function* startingWith(head: Buffer, rest: AsyncIterator<Buffer, void>): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Nothing but blanks. */
export function isBlank({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d) === true;
}

/** What a line holds; one document that is given as a line may have line breaks in it. */
export function readLine({ number, bytes, ending }: Line): EventLine | UnreadableLine {
  if (bytes === undefined) return { number, reason: 'the line is 10 MB or longer' };
  if (!isUtf8(bytes)) return { number, reason: 'the line is not UTF-8 text' };
  const text = bytes.toString('utf8');
  const value = parse(text);
  if (value === undefined) return { number, reason: reasonOf(text) };
  if (!isObject(value)) return { number, reason: 'the line is JSON, but no object' };
  const source = wrappedIn(value);
  return { number, bytes, text, ending, event: source ?? value, wrapped: source !== undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is EventDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `_source` is no name a field can have: where it is beside an index or an id, the event lies in it. */
function wrappedIn({ _index: index, _id: id, _source: source }: EventDocument): EventDocument | undefined {
  return isObject(source) && (typeof index === 'string' || typeof id === 'string') ? source : undefined;
}

/** Where the text stops being JSON. Nothing of it is quoted: it may hold a secret. */
function reasonOf(text: string): string {
  const { offset, expected } = scanJson(text) ?? { offset: 0, expected: 'a value' };
  return `the line is not JSON: at column ${offset + 1} ${expected.replace('of the file', 'of the line')} should stand`;
}
