import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { at, lines, parsed, read, runScan } from '../../support/scan.ts';
import { valuesOf } from '../../support/values.ts';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const TIME = at(5);
const LATER = new Date(Date.parse(TIME) + 600_000).toISOString();
const LATEST = new Date(Date.parse(TIME) + 3_601_000).toISOString();
const ANSWER = JSON.stringify({
  '@timestamp': TIME,
  source: { ip: '10.1.2.3' },
  dns: { question: { name: 'eu.minexmr.com' }, answers: [{ data: '203.0.113.9', ttl: 60 }] },
});

function connection(time: string, client = '10.1.2.3'): string {
  return JSON.stringify({
    '@timestamp': time,
    source: { ip: client },
    destination: { ip: '203.0.113.9', port: 443 },
  });
}

describe('scan --learn', () => {
  test('finds connections to what a listed name led to, wherever in the file the answer stands', () => {
    const events = [connection(LATER), connection(LATEST), connection(LATER, '10.1.2.4'), ANSWER];
    folder.file('events', lines(...events));
    const { code, stdout, stderr } = runScan(folder, ['events', '--learn', '--json', '--out', 'out']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      seen: 4,
      matched: 2,
      incidents: 1,
      found: [{ entity: { name: '10.1.2.3' }, score: 86, severity: 'high', events: 2 }],
    });
    const [found, ...rest] = parsed(read(folder, 'out'));
    expect(found?.['minecanary']).toMatchObject({ lookup: ['learned-addresses'], score: 47, stage: 'scan' });
    expect(valuesOf(found, 'threat.enrichments.indicator.description')).toEqual([
      `answer to eu.minexmr.com (test-domain, high) at ${TIME} in events:4`,
    ]);
    expect(rest.map((one) => valuesOf(one, 'minecanary.lookup').flat())).toEqual([[], [], ['test-domain']]);
  });

  test('without the flag finds the name alone', () => {
    folder.file('events', lines(connection(LATER), ANSWER));
    const { stdout } = runScan(folder, ['events', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ matched: 1, found: [{ score: 73 }] });
  });

  test('reads gzip, passes over what can’t be read, and names it once', () => {
    writeFileSync(join(folder.path, 'events.gz'), gzipSync(lines('{', ANSWER, connection(LATER))));
    const { code, stdout, stderr } = runScan(folder, ['events.gz', '--learn', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ seen: 3, matched: 2, unreadable: 1 });
    expect(stderr.match(/events\.gz:1: /g)).toHaveLength(1);
  });

  test('twice gives the same', () => {
    folder.file('events', lines(connection(LATER), ANSWER));
    const once = runScan(folder, ['events', '--learn', '--out', 'once']);
    expect(runScan(folder, ['once', '--learn', '--out', 'twice']).code).toBe(once.code);
    const times = /"tagged":"[^"]*"|"minecanary":\{"version".*?"tagged"/g;
    expect(read(folder, 'twice').replaceAll(times, '')).toBe(read(folder, 'once').replaceAll(times, ''));
  });

  test.each([
    ['standard input', ['-', '--learn'], /--learn reads its input twice, and standard input can be read once only/],
    ['a named pipe', ['pipe', '--learn'], /and pipe, which is no regular file, can be read once only/],
  ])('refuses %s', (_what, args, message) => {
    spawnSync('mkfifo', [join(folder.path, 'pipe')]);
    const { code, stdout, stderr } = runScan(folder, args, { input: lines(ANSWER) });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('of a file that is not there says so', () => {
    const { code, stderr } = runScan(folder, ['nothing', '--learn']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing can't be read: there is no such file/);
  });
});
