import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ROOT, runCli, temporaryFolder } from '../support/cli.ts';
import { type Linted, systemdAnalyze } from '../support/linters.ts';

const FOLDER = join(ROOT, 'deploy/systemd');
/** Where the units expect the command. */
const COMMAND = '/usr/local/bin/minecanary';
/** Of 100: systemd's own verdict from 20 on is no longer "OK". */
const MOST_EXPOSED = '20';

const folder = temporaryFolder();
const names = readdirSync(FOLDER);
const services = names.filter((name) => name.endsWith('.service'));
afterAll(() => folder.remove());

const program = folder.file('minecanary', '#!/bin/sh\n');
chmodSync(program, 0o755);

/** Path of a copy that starts a program which is there. */
function copyOf(name: string): string {
  return folder.file(name, read(name).replaceAll(COMMAND, program));
}

function read(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** On a machine without systemd there is nobody to ask. */
function expectGood(answer: Linted | undefined): void {
  if (answer === undefined) console.warn('systemd-analyze is not there: the units are not checked.');
  else expect(answer).toMatchObject({ status: 0 });
}

test('systemd reads the units, and has nothing to say of them', () => {
  const answer = systemdAnalyze('verify', '--man=no', ...names.map(copyOf));
  expectGood(answer);
  expect(answer?.output ?? '').toBe('');
});

describe.each(services)('%s', (name) => {
  test('is hardened', () => {
    expectGood(systemdAnalyze('security', '--offline=true', `--threshold=${MOST_EXPOSED}`, '--no-pager', copyOf(name)));
  });

  test('starts a command that there is, without a secret', async () => {
    const [, words = ''] = new RegExp(`^ExecStart=${COMMAND} (.*)$`, 'm').exec(read(name)) ?? [];
    expect(words).toMatch(/^run (--once )?--config \/etc\/minecanary\/minecanary\.yml$/);
    const config = folder.file('minecanary.json', { elasticsearch: { node: 'http://127.0.0.1:1' } });
    const args = words.replace('/etc/minecanary/minecanary.yml', config).split(' ');
    const key = folder.file('api-key', 'x');
    chmodSync(key, 0o400);
    const { code, stderr } = await runCli(args, { env: { ELASTICSEARCH_API_KEY_FILE: key } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/the connection failed/);
    expect(read(name)).toContain('LoadCredential=api-key:/etc/minecanary/api-key\n');
    expect(read(name)).toContain('Environment=ELASTICSEARCH_API_KEY_FILE=%d/api-key\n');
  });
});

test('the timer starts the service of its name', () => {
  expect(services).toContain(names.find((name) => name.endsWith('.timer'))?.replace('.timer', '.service'));
});
