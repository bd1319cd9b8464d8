import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plainLines, plainText } from '../../src/telemetry/plain.ts';
import { type Ended, runCli, temporaryFolder } from '../support/cli.ts';
import { STEERING } from '../support/hostile.ts';
import { lookupText } from '../support/tables.ts';

const MANY = join(import.meta.dirname, '../support/run-commands.ts');
/** What may move the cursor, colour, retitle, turn or break a line. */
const STEERS = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const folder = temporaryFolder();
const hostile = STEERING.join(' ');
let config: string;

beforeAll(() => {
  const lookups = folder.folder('lookups');
  const texts = { note: hostile, reference: `https://example.org/${hostile}`, category: `pool${hostile}` };
  const header = { description: hostile, provider: `us${hostile}`, licence: hostile };
  folder.file('lookups/domain.json', lookupText('domain', [{ value: 'minexmr.com', ...texts }], header));
  folder.file('lookups/lines.json', lookupText('command-line', [{ value: `xmrig${hostile}`, ...texts }], header));
  const event = {
    '@timestamp': '2026-11-24T00:00:00Z',
    host: { name: `host${hostile}` },
    user: { name: hostile },
    source: { ip: '10.1.2.3', domain: hostile },
    dns: { question: { name: 'eu.minexmr.com' } },
    url: { full: `http://minexmr.com/${hostile}` },
    process: { name: hostile, command_line: `run xmrig${hostile} now` },
    event: { dataset: hostile, action: hostile },
    data_stream: { namespace: hostile },
    [`odd${hostile}`]: hostile,
  };
  folder.file('events.ndjson', `${JSON.stringify(event)}\n{"broken": "${hostile.replaceAll(/\s/g, '')}\n`);
  config = folder.file('c.json', { lookups: [lookups], shared_hosts: [] });
});
afterAll(() => folder.remove());

function expectPlain({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  for (const line of `${stdout}\n${stderr}`.replaceAll('\r\n', '\n').split('\n')) {
    expect(line).not.toMatch(STEERS);
    expect(line).not.toMatch(/^FORGED/);
  }
}

async function run(commands: readonly (readonly string[])[]): Promise<Ended> {
  const all = commands.map((args) => [...args, '--config', config]);
  const ended = await runCli([JSON.stringify(all)], { main: MANY });
  expectPlain(ended);
  expect(ended.stderr.match(/^ended with/gm)).toHaveLength(commands.length);
  return ended;
}

describe('values of events and lookups steer no terminal and forge no line', () => {
  test('in what is told of events', async () => {
    const file = join(folder.path, 'events.ndjson');
    const { stdout } = await run([
      ['scan', file],
      ['explain', file],
    ]);
    expect(stdout).toContain('eu.minexmr.com');
  });

  test('in JSON, of which every value stays what it is', async () => {
    const file = join(folder.path, 'events.ndjson');
    const { stdout } = await run([['explain', file, '--json']]);
    const { observables } = JSON.parse(stdout) as { observables: readonly { value: string }[] };
    expect(observables.map(({ value }) => value)).toContain('eu.minexmr.com');
    expect(JSON.stringify(JSON.parse(stdout))).toContain('\u009b');
  });

  test('in what is told of lookups', async () => {
    const { stdout } = await run([
      ['lookups', 'list'],
      ['lookups', 'list', '--json'],
      ['lookups', 'validate'],
      ['lookups', 'explain', 'eu.minexmr.com'],
      ['lookups', 'explain', `nothing${hostile}`],
      ['lookups', 'export', '--format', 'stix'],
      ['lookups', 'export', '--format', 'sigma'],
      ['lookups', 'export', '--format', 'logstash'],
    ]);
    expect(stdout).toContain('minexmr.com');
  });

  test('in errors that name what was given', async () => {
    const given = hostile.replaceAll('\0', '');
    const { stderr } = await run([
      ['hunt', '--from', given],
      ['hunt', '--lookup', given],
      ['explain', given],
      ['explain', 'a', '--line', given],
      ['scan', given],
      ['status', '--max-age', given],
      ['lookups', 'export', '--format', given],
      ['lookups', 'update', given],
      ['status', `--${given}`],
    ]);
    expect(stderr.match(/^error: /gm)?.length).toBeGreaterThan(8);
  });
});

test.each(STEERING)('%j is plain text afterwards, and the same value in JSON', (text) => {
  expect(plainText(text)).not.toMatch(STEERS);
  expect(plainLines(text).replaceAll(/\r?\n/g, '')).not.toMatch(STEERS);
  expect(JSON.parse(plainLines(JSON.stringify({ [text]: text })))).toEqual({ [text]: text });
});

test('an error without faults stays on its line', async () => {
  const { stderr } = await runCli(['status', '--max-age', '1\nFORGED']);
  expect(stderr).toMatch(/^error: --max-age 1 FORGED is no duration.*\n$/);
});

test('nothing is shown but by what makes it plain', () => {
  const session = readFileSync(join(import.meta.dirname, '../../src/cli/session.ts'), 'utf8');
  expect(session.match(/process\.stdout\.write/g)).toHaveLength(1);
});
