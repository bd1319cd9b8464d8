import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SourceError } from '../../../src/model/errors.ts';
import { type Line, splitLines } from '../../../src/sources/lines.ts';
import { readNdjson } from '../../../src/sources/ndjson.ts';

/** The bytes in chunks of these sizes, over and over. */
function* chunked(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function split(bytes: Buffer, sizes: readonly number[], longest = 1000): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const some of splitLines(Readable.from(chunked(bytes, sizes)), longest)) lines.push(...some);
  return lines;
}

const bytes = fc
  .array(fc.constantFrom('\n', '\r', '\r\n', 'a', 'é', '\ufeff', ' ', '{"x":1}'), { maxLength: 40 })
  .map((parts) => Buffer.from(parts.join('')));
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

describe('lines', () => {
  test('are the same however the bytes come in, and put together are the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, sizes, async (whole, some) => {
        const lines = await split(whole, some);
        const joined = lines.map(({ bytes: line, ending }) => `${line?.toString()}${ending}`).join('');
        expect(joined).toBe(whole.toString().replace(/^\ufeff/, ''));
        expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
        expect(lines).toEqual(await split(whole, [Math.max(whole.length, 1)]));
        for (const { bytes: line } of lines) expect(line?.includes(0x0a)).toBe(false);
      }),
    );
  });

  test('that are too long keep their number and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 8 }), sizes, async (lengths, some) => {
        const whole = Buffer.from(lengths.map((length) => `${'x'.repeat(length)}\n`).join(''));
        const lines = await split(whole, some, 6);
        expect(lines.map(({ bytes: line }) => line?.length)).toEqual(
          lengths.map((length) => (length > 6 ? undefined : length)),
        );
      }),
    );
  });
});

async function read(chunks: Iterable<Buffer>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of readNdjson(Readable.from(chunks, { objectMode: false }), 'it')) {
    found.push(...batch.map((line) => ('event' in line ? [line.number, line.event, line.wrapped] : [line.number])));
  }
  return found;
}

function* failing(): Generator<Buffer> {
  yield Buffer.from('{"a":1}\n{"a":2}\n');
  throw new Error('the cable was cut');
}

describe('events', () => {
  const text = Buffer.from('{"a":1}\n\nx\n{"_id":"1","_source":{"a":2}}\n{"_source":{"a":3}}\n{"_id":1,"_source":[]}');
  const expected = [
    [1, { a: 1 }, false],
    [3],
    [4, { a: 2 }, true],
    [5, { _source: { a: 3 } }, false],
    [6, { _id: 1, _source: [] }, false],
  ];

  test.each([1, 2, 3, 1000])('are read in chunks of %i bytes, packed or not', async (size) => {
    expect(await read(chunked(text, [size]))).toEqual(expected);
    expect(await read(chunked(gzipSync(text), [size]))).toEqual(expected);
  });

  test.each([
    ['nothing', Buffer.alloc(0), []],
    ['one byte', Buffer.from('{'), [[1]]],
    ['the first byte of gzip alone', Buffer.from([0x1f]), [[1]]],
  ])('%s is no gzip', async (_, input, found) => {
    expect(await read([input])).toEqual(found);
  });

  test('a source that fails is an error that names it, and the line', async () => {
    const reading = read(failing());
    await expect(reading).rejects.toBeInstanceOf(SourceError);
    await expect(reading).rejects.toThrow("it can't be read after line 2: the cable was cut.");
  });

  test('who stops early ends the source', async () => {
    for (const input of [text, gzipSync(text)]) {
      const source = Readable.from(chunked(input, [8]), { objectMode: false });
      for await (const batch of readNdjson(source, 'it')) if (batch.length > 0) break;
      expect(source.destroyed).toBe(true);
    }
  });
});
