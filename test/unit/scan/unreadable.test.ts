import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { BENIGN, left, lines, PORT, read, runScan } from '../../support/scan.ts';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('what can not be read', () => {
  test('is named by line and reason and left out; the rest is done', () => {
    const bad: [line: string | Buffer, reason: string][] = [
      ['{"a":1', 'not JSON: at column 7 "," or "}" should stand'],
      ['{"a":1}{"a":2}', 'not JSON: at column 8 the end of the line should stand'],
      ['[{"destination":{"port":3333}}]', 'JSON, but no object'],
      ['3333', 'JSON, but no object'],
      ['null', 'JSON, but no object'],
      [Buffer.from('{"user":"J\xfcrgen","destination":{"port":3333}}', 'latin1'), 'not UTF-8 text'],
      [`{"destination":{"port":3333},"message":"${'x'.repeat(10_000_000)}"}`, '10 MB or longer'],
      ['x'.repeat(10 * 1024 * 1024), '10 MB or longer'],
    ];
    const parts = [`${BENIGN}\n\n`, ...bad.flatMap(([line]) => [line, '\n']), `${PORT}\n`];
    writeFileSync(join(folder.path, 'events'), Buffer.concat(parts.map((part) => Buffer.from(part as string))));
    const { code, stdout, stderr } = runScan(folder, ['events', '--out', 'out', '--json']);
    expect(code).toBe(1);
    expect(stderr).toBe(bad.map(([, reason], i) => `error: events:${i + 3}: the line is ${reason}\n`).join(''));
    expect(JSON.parse(stdout)).toMatchObject({ seen: 10, matched: 1, unreadable: 8 });
    expect(read(folder, 'out').split('\n')).toHaveLength(3);
    expect(read(folder, 'out').startsWith(`${BENIGN}\n{`)).toBe(true);
  });

  test('no line says what stood in it', () => {
    folder.file('events', '{"password":"hunter2" "x":1}\nhunter2\n{"a":hunter2}\n');
    const { code, stderr } = runScan(folder, ['events']);
    expect(code).toBe(1);
    expect(stderr).not.toContain('hunter2');
    expect(stderr.split('\n')).toHaveLength(4);
  });

  test('binary rubbish is named twenty times, then counted', () => {
    let state = 1;
    const rubbish = Buffer.from(
      Array.from({ length: 50_000 }, () => (state = (state * 48_271) % 2_147_483_647) & 0xff),
    );
    writeFileSync(join(folder.path, 'events'), Buffer.concat([rubbish, Buffer.from(`\n${PORT}\n`)]));
    const { code, stdout, stderr } = runScan(folder, ['events', '--json']);
    expect(code).toBe(1);
    const { seen, matched, unreadable } = JSON.parse(stdout) as Record<string, number>;
    expect({ matched, readable: Number(seen) - Number(unreadable) }).toEqual({ matched: 1, readable: 1 });
    const told = stderr.trimEnd().split('\n');
    expect(told).toHaveLength(21);
    expect(told[20]).toBe(`error: events: ${Number(unreadable) - 20} more lines can't be read`);
  });

  test('an event that is nested too deeply to be tagged', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    folder.file('events', lines(`{"destination":{"port":3333},"threat":${deep}}`, `{"x":${deep}}`));
    const { code, stdout, stderr } = runScan(folder, ['events', '--out', 'out', '--json']);
    expect(code).toBe(1);
    expect(stderr).toBe('error: events:1: the event matches, but is nested too deeply to be tagged\n');
    expect(JSON.parse(stdout)).toMatchObject({ matched: 1, unreadable: 1 });
    expect(read(folder, 'out')).toBe(`{"x":${deep}}\n`);
  });

  test.each([
    ['a missing file', 'none', /^error: none can't be read: there is no such file\. Check the path\.\n$/],
    ['a folder', 'folder', /^error: folder can't be read: it is a folder\. Name a file\.\n$/],
    [
      'a gzip that was cut off',
      'cut',
      /^error: cut can't be read.*: the gzip data end too early\. Is .* complete\?\n$/,
    ],
    ['a gzip that was damaged', 'damaged', /^error: damaged can't be read.*: the gzip data are damaged \(.*\)\.\n$/],
  ])('%s: one error, and nothing is written', (_, name, error) => {
    const packed = gzipSync(lines(...Array.from({ length: 2_000 }, (__, i) => `{"number":${i * i}}`)));
    writeFileSync(join(folder.path, 'cut'), packed.subarray(0, packed.length / 2));
    // The sum at its end is wrong.
    writeFileSync(join(folder.path, 'damaged'), Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]));
    mkdirSync(join(folder.path, 'folder'));
    folder.file('out', 'of before');
    const { code, stdout, stderr } = runScan(folder, [name, '--out', 'out', '--alerts', 'alerts']);
    expect(stderr).toMatch(error);
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(read(folder, 'out')).toBe('of before');
    expect(left(folder, 'cut', 'damaged', 'folder', 'out')).toEqual([]);
  });
});
