import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { SourceError } from '../../../src/model/errors.ts';
import { readOneEvent } from '../../../src/sources/one-event.ts';

const EVENT = { destination: { port: 3333 }, note: 'a\nb' };
const WRAPPED = { _index: 'logs-x', _id: '1', _source: EVENT };
const LINES = `\n${JSON.stringify({ a: 1 })}\n  \n${JSON.stringify(EVENT)}\r\n{\n`;

/** In chunks that end anywhere. */
function read(content: string | Buffer, line?: number, size = 7) {
  const bytes = Buffer.from(content);
  const count = Math.ceil(bytes.length / size);
  const chunks = Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  return readOneEvent(Readable.from(chunks), 'in', line);
}

describe('one event is read', () => {
  test.each<[string, string | Buffer, number | undefined, object]>([
    ['the first line that is not blank', LINES, undefined, { event: { a: 1 }, line: 2 }],
    ['the line that is asked for', LINES, 4, { event: EVENT, line: 4 }],
    ['a document over several lines', JSON.stringify(EVENT, null, 2), undefined, { event: EVENT, line: 1 }],
    ['a document behind blank lines', `\n\n${JSON.stringify(EVENT, null, 2)}\n`, undefined, { event: EVENT, line: 1 }],
    ['a byte order mark', `\ufeff${JSON.stringify(EVENT, null, 2)}`, undefined, { event: EVENT, line: 1 }],
    ['gzip', gzipSync(JSON.stringify(EVENT, null, 2)), undefined, { event: EVENT, line: 1 }],
    ['gzip of lines', gzipSync(LINES), 4, { event: EVENT, line: 4 }],
    ['an export', JSON.stringify(WRAPPED), undefined, { event: EVENT, line: 1 }],
    ['an export over several lines', JSON.stringify(WRAPPED, null, 1), undefined, { event: EVENT, line: 1 }],
  ])('%s', async (_what, content, line, expected) => {
    expect(await read(content, line)).toEqual(expected);
    expect(await read(content, line, 1000)).toEqual(expected);
  });

  test.each<[string, string, number | undefined, string]>([
    ['nothing', '', undefined, 'in holds no event to explain: it is empty.'],
    ['blank lines', '\n \n', undefined, 'in holds no event to explain: it is empty.'],
    ['a line beyond the end', LINES, 9, 'in holds no event to explain: it ends with line 5, before --line 9.'],
    [
      'a blank line',
      LINES,
      3,
      'in holds no event to explain: line 3: the line is blank. Give a document as it lies under _source.',
    ],
    [
      'a line that is no JSON',
      LINES,
      5,
      'in holds no event to explain: line 5: the line is not JSON: at column 2 a key in double quotes should stand. ' +
        'Give a document as it lies under _source.',
    ],
    [
      'neither a line nor a document',
      '[1,\n2]',
      undefined,
      'in holds no event to explain: line 1: the line is not JSON: at column 4 a value should stand, and the input as ' +
        'a whole is no JSON object either. Give a document as it lies under _source.',
    ],
  ])('%s is refused', async (_what, content, line, message) => {
    const error: unknown = await read(content, line).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toBe(`SourceError: ${message}`);
  });

  test('no more is kept than one document may have', async () => {
    const line = `${'x'.repeat(999_999)}\n`;
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; given < 1000; given += 1) yield Buffer.from(line);
    }
    await expect(readOneEvent(Readable.from(endless()), 'in')).rejects.toThrow(/^in holds no event to explain: line 1/);
    expect(given).toBeLessThan(50);
  });
});
