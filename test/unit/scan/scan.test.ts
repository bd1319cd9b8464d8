import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { at, BENIGN, left, lines, NAME, PORT, read, runScan } from '../../support/scan.ts';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('what is found', () => {
  test('is told as a table of incidents, then the counts', () => {
    folder.file('events', lines(BENIGN, PORT, NAME));
    const { code, stdout, stderr } = runScan(folder, ['events']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const [titles, incident, counts, ...rest] = stdout.trimEnd().split('\n');
    expect(titles).toMatch(/^severity +score +entity +reason$/);
    expect(incident).toMatch(
      /^high +79 +10\.1\.2\.3 +10\.1\.2\.3 asked for eu\.minexmr\.com \(.+\) and used server port 3333 \(.+\), allowed: 2 events/,
    );
    expect(counts).toMatch(
      /^3 lines read, 2 matched, 0 unreadable; 1 incidents, 1 of them for an alert \(\d+\.\d s\)$/,
    );
    expect(rest).toEqual([]);
  });

  test('is one object with --json', () => {
    folder.file('events', lines(BENIGN, PORT, NAME, '{'));
    const { code, stdout } = runScan(folder, ['events', '--json']);
    expect(code).toBe(1);
    const { seconds, found, ...counts } = JSON.parse(stdout) as Record<string, unknown>;
    expect(counts).toEqual({ seen: 4, matched: 2, excepted: 0, unreadable: 1, incidents: 1, alerts: 1 });
    expect(seconds).toBeGreaterThan(0);
    expect(found).toMatchObject([{ severity: 'high', score: 79, events: 2, entity: { name: '10.1.2.3' } }]);
  });

  test.each([
    ['gzip, whatever its name', gzipSync(lines(BENIGN, PORT))],
    ['gzip of several members', Buffer.concat([gzipSync(lines(BENIGN)), gzipSync(lines(PORT))])],
    ['a byte order mark', Buffer.from(`\ufeff${lines(PORT, BENIGN)}`)],
    ['CRLF', Buffer.from(`${PORT}\r\n${BENIGN}\r\n`)],
    ['no end of the last line', Buffer.from(`${BENIGN}\n${PORT}`)],
    ['blank lines', Buffer.from(`\n  \n${PORT}\n\r\n${BENIGN}\n\n`)],
  ])('is found in %s', (_, bytes) => {
    writeFileSync(join(folder.path, 'events.txt'), bytes);
    const { code, stdout, stderr } = runScan(folder, ['events.txt', '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seen: 2, matched: 1, unreadable: 0 });
  });

  test('is found on standard input, packed or not', () => {
    for (const input of [lines(BENIGN, PORT), gzipSync(lines(BENIGN, PORT))]) {
      const { code, stdout } = runScan(folder, ['-', '--json'], { input });
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ seen: 2, matched: 1, unreadable: 0 });
    }
  });

  test('is nothing in an empty file', () => {
    folder.file('events', '');
    const stdout = expect.stringMatching(/^0 lines read, 0 matched/);
    expect(runScan(folder, ['events'])).toEqual({ code: 0, stderr: '', stdout });
  });

  test('exits with 3 where --fail-on-match is given and something matches', () => {
    folder.file('mining', lines(BENIGN, PORT));
    folder.file('benign', lines(BENIGN));
    folder.file('broken', lines(PORT, 'x'));
    expect(runScan(folder, ['mining', '--fail-on-match']).code).toBe(3);
    expect(runScan(folder, ['benign', '--fail-on-match']).code).toBe(0);
    expect(runScan(folder, ['mining']).code).toBe(0);
    // What could not be read may have matched too: that is the worse news.
    expect(runScan(folder, ['broken', '--fail-on-match']).code).toBe(1);
  });

  test('is read by the names of the only source, and by its scope', () => {
    folder.file('events', lines('{"when":"2026-11-20","dst":{"p":3333}}'.replace('2026-11-20', at(30))));
    const source = {
      name: 'own',
      index: 'x',
      timestamp: 'when',
      fields: { 'destination.port': 'dst.p' },
      scope: 'berlin',
    };
    const { stdout } = runScan(folder, ['events', '--json'], { config: { sources: [source] } });
    expect(JSON.parse(stdout)).toMatchObject({ matched: 1, found: [{ scope: 'berlin', day: at(30).slice(0, 10) }] });
  });

  test('in events older than the retention counts as undated, and that is said', () => {
    folder.file('events', lines(PORT.replace(/"20[^"]*"/, '"2019-03-01"'), PORT.replace(/"20[^"]*"/, '"2019-03-02"')));
    const { code, stdout, stderr } = runScan(folder, ['events', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ incidents: 1, found: [{ day: 'unknown', events: 2 }] });
    expect(stderr).toMatch(/^warn: 2 matched events are older than 13mo .*`retention`.*\n$/);
    const longer = runScan(folder, ['events', '--json'], { config: { retention: '600mo' } });
    expect(longer.stderr).toBe('');
    expect(JSON.parse(longer.stdout)).toMatchObject({ found: [{ day: '2019-03-01' }, { day: '2019-03-02' }] });
  });
});

describe('what is refused', () => {
  test.each([
    ['the input as --out', ['events', '--out', 'events'], /--out events is the file that is scanned/],
    ['the input as --alerts', ['events', '--alerts', 'events'], /--alerts events is the file that is scanned/],
    ['a link to the input', ['events', '--out', 'link'], /--out link is the file that is scanned/],
    ['another name of the input', ['link', '--out', 'hard'], /--out hard is the file that is scanned/],
    ['one file for two outputs', ['events', '--out', 'new', '--alerts', './new'], /--out and --alerts are one/],
    ['standard output for both', ['events', '--out', '-', '--alerts', '-'], /--out and --alerts are one/],
    ['no file', [], /missing required argument/],
    ['an unknown option', ['events', '--nothing'], /unknown option '--nothing'/],
  ])('%s: exit code 2', (_, args, error) => {
    folder.file('events', lines(BENIGN));
    symlinkSync('events', join(folder.path, 'link'));
    linkSync(join(folder.path, 'events'), join(folder.path, 'hard'));
    const { code, stdout, stderr } = runScan(folder, args);
    expect(stderr).toMatch(error);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(read(folder, 'events')).toBe(`${BENIGN}\n`);
    expect(left(folder, 'events', 'link', 'hard')).toEqual([]);
  });

  test('a lookup with faults: exit code 2, the line named', () => {
    folder.file('events', lines(BENIGN));
    mkdirSync(join(folder.path, 'own'));
    folder.file('own/bad.json', '{\n "name": "x"\n}');
    const { code, stderr } = runScan(folder, ['events', '--out', 'out'], {
      config: { lookups: [join(folder.path, 'own')] },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/own\/bad\.json:1/);
    expect(left(folder, 'events', 'own')).toEqual([]);
  });

  test('an output that can not be written: exit code 1', () => {
    folder.file('events', lines(PORT));
    mkdirSync(join(folder.path, 'folder'));
    const missing = runScan(folder, ['events', '--out', 'none/out', '--alerts', 'alerts']);
    expect(missing).toMatchObject({
      code: 1,
      stderr: "error: none/out can't be written: its folder does not exist.\n",
    });
    const [out, alerts] = ['out', 'folder'];
    const taken = runScan(folder, ['events', '--out', out, '--alerts', alerts]);
    expect(taken).toMatchObject({ code: 1, stderr: "error: folder can't be written: it is a folder. Name a file.\n" });
    expect(left(folder, 'events', 'folder')).toEqual([]);
  });
});
