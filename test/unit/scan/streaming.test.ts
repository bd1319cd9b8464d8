import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { ENVIRONMENT, left, MAIN, scanConfig } from '../../support/scan.ts';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Starts `scan -`, with pipes to feed it and to read from it. */
function start(args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'scan', '-', ...args, '--config', scanConfig(folder)], {
    cwd: folder.path,
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Feeding goes on when the reader has left.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
  return { child, ended };
}

const event = JSON.stringify({ source: { ip: '10.1.2.3' }, destination: { port: 443 }, message: 'x'.repeat(20_000) });
const mining = '{"source":{"ip":"10.1.2.3"},"destination":{"port":3333}}\n';
const chunk = Buffer.from(`${event}\n`.repeat(50));

describe('a scan', () => {
  test('of more than fits into its memory goes through, at the pace of its reader', async () => {
    const { child, ended } = start(['--out', '-', '--alerts', 'alerts']);
    let read = 0;
    child.stdout.on('data', (data: Buffer) => (read += data.length));
    const chunks = 300;
    for (let i = 0; i < chunks; i += 1) {
      if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
    }
    // All but what pipes hold has passed through. Linux tells the most that was held.
    const status = existsSync('/proc/self/status') ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : '';
    child.stdin.end(mining);
    expect(await ended).toMatchObject({ code: 0 });
    expect(read).toBeGreaterThan(chunks * chunk.length);
    const most = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    expect(chunks * chunk.length).toBeGreaterThan(300_000_000);
    expect(most).toBeLessThan(280_000_000);
  });

  test.each([
    ['the lines', ['--out', '-']],
    ['the lines of two jobs', ['--out', '-', '--jobs', '2']],
    ['the summary', []],
    ['the summary of two jobs', ['--jobs', '2']],
  ])('ends quietly when the reader of %s leaves', async (_, args) => {
    const { child, ended } = start(args);
    child.stdout.destroy();
    for (let i = 0; i < 5; i += 1) child.stdin.write(chunk);
    child.stdin.end(mining);
    expect(await ended).toEqual({ code: 0, stderr: '' });
  });

  test('still writes the alerts when the reader of the lines leaves', async () => {
    const { child, ended } = start(['--out', '-', '--alerts', 'raised']);
    child.stdout.destroy();
    for (let i = 0; i < 5; i += 1) child.stdin.write(chunk);
    child.stdin.end(mining);
    expect(await ended).toEqual({ code: 0, stderr: '' });
    expect(readFileSync(join(folder.path, 'raised'), 'utf8')).toContain('"kind":"alert"');
  });

  test.each(['1', '2'])('of %s jobs that is stopped leaves nothing half-written', async (jobs) => {
    const { child, ended } = start(['--out', 'stopped', '--jobs', jobs]);
    child.stdin.write(chunk);
    while (!left(folder).some((name) => name.includes('stopped'))) await sleep(20);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(stderr).toMatch(/^error: standard input can't be read(?: after line \d+)?: stopped by SIGTERM\.\n$/);
    expect(code).toBe(1);
    expect(left(folder).filter((name) => name.includes('stopped'))).toEqual([]);
  });
});
