import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { sampleEvents } from '../../support/sample/index.ts';
import { at, left, NAME, PORT, parsed, read, runScan, type Scanned } from '../../support/scan.ts';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** When it was written may differ, and nothing else. */
function timeless(text: string): string {
  return text
    .replace(/"(tagged|occurred|ingested)":"2\d{3}-[^"]*"/g, '"$1":"now"')
    .replace(/"seconds":[\d.]+/, '"seconds":0');
}

const DAY = [...sampleEvents({ seed: 3, end: new Date(), perSource: 300, miningShare: 0.01 })].map(({ document }) =>
  JSON.stringify(document),
);
const ANSWER = JSON.stringify({
  '@timestamp': at(5),
  source: { ip: '10.1.2.3' },
  dns: { question: { name: 'eu.minexmr.com' }, answers: [{ data: '203.0.113.9', ttl: 3600 }] },
});
const LEARNED = JSON.stringify({
  '@timestamp': at(4.9),
  source: { ip: '10.1.2.3' },
  destination: { ip: '203.0.113.9', port: 443 },
});
const FILE = [LEARNED, ...DAY, '{"cut":', PORT, '', `\t${NAME}\r`, 'nothing', ...DAY.slice(0, 500), ANSWER].join('\n');

function scanWith(jobs: number, file: string, ...more: readonly string[]): Scanned & { lines: string; alerts: string } {
  const args = [file, '--jobs', String(jobs), '--out', 'out', '--alerts', 'alerts', '--json', ...more];
  const { code, stdout, stderr } = runScan(folder, args);
  return {
    code,
    stdout: timeless(stdout),
    stderr,
    lines: timeless(read(folder, 'out')),
    alerts: timeless(read(folder, 'alerts')),
  };
}

describe('scan --jobs', () => {
  test.each([
    ['plain', 'events', []],
    ['packed', 'events.gz', []],
    ['with learned addresses', 'events', ['--learn']],
    ['for the matched lines', 'events', ['--matched-only', '--fail-on-match']],
  ])('comes to the same, %s', (_what, name, more) => {
    writeFileSync(join(folder.path, name), name.endsWith('.gz') ? gzipSync(FILE) : FILE);
    const one = scanWith(1, name, ...more);
    expect(one).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${name}:${DAY.length + 2}: the line is not JSON`),
    });
    expect(parsed(one.stdout)[0]).toMatchObject({ unreadable: 2 });
    expect(scanWith(3, name, ...more)).toEqual(one);
  });

  test.each(['1', '2'])('of %s writes every byte of a file that is longer than what is held of it', (jobs) => {
    const lines = Array.from(
      { length: 60_000 },
      (_, i) => `{"n":${i},"source":{"ip":"10.1.2.3"},"message":"${'x'.repeat(i % 97)}"}`,
    );
    folder.file('long', `${lines.join('\n')}\n`);
    expect(runScan(folder, ['long', '--out', 'same', '--jobs', jobs]).code).toBe(0);
    expect(read(folder, 'same') === read(folder, 'long')).toBe(true);
  });

  test('tells of a match', () => {
    folder.file('few', `${PORT}\n`);
    expect(runScan(folder, ['few', '--jobs', '2', '--fail-on-match']).code).toBe(3);
  });

  test('ends as one job does where the input is damaged', () => {
    const packed = gzipSync(FILE);
    writeFileSync(join(folder.path, 'damaged.gz'), packed.subarray(0, packed.length / 2));
    const args = ['damaged.gz', '--out', 'gone'];
    for (const jobs of ['1', '2']) {
      // How far it came before is a matter of pace.
      const { code, stderr } = runScan(folder, [...args, '--jobs', jobs]);
      expect(stderr).toMatch(/^error: damaged.gz can't be read after line \d+: the gzip data end too early\. .*\n$/);
      expect(code).toBe(1);
    }
    expect(left(folder).filter((name) => name.includes('gone'))).toEqual([]);
  });

  test('ends as one job does where the output can not be written', () => {
    folder.file('events', FILE);
    const one = runScan(folder, ['events', '--out', '/dev/full']);
    expect(one.code).toBe(1);
    expect(runScan(folder, ['events', '--out', '/dev/full', '--jobs', '2'])).toEqual(one);
  });

  test.each(['0', '-1', 'x', '1.5', '257', ''])('refuses %j', (jobs) => {
    const { code, stderr } = runScan(folder, ['events', `--jobs=${jobs}`]);
    expect({ code, told: stderr.includes('number from 1 to 256') }).toEqual({ code: 2, told: true });
  });
});
