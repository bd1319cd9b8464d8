import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCli, temporaryFolder } from '../../support/cli.ts';
import { lookupText } from '../../support/tables.ts';

const folder = temporaryFolder();
folder.folder('lookups');
folder.file('lookups/domains.json', lookupText('domain', [{ value: 'minexmr.com', note: 'a pool' }]));
folder.file('lookups/methods.json', lookupText('payload', ['mining.submit']));
const config = folder.file('minecanary.yml', `lookups: [${join(folder.path, 'lookups')}]\n`);
afterAll(() => folder.remove());

const exported = (...args: readonly string[]) => runCli(['lookups', 'export', '--config', config, ...args]);

test('what the format can not say is told on standard error, with counts', async () => {
  const { code, stdout, stderr } = await exported('--format', 'stix');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ type: 'bundle' });
  expect(stderr.split('\n')).toEqual([
    'info: 1 rows written as stix.',
    'warn: left out, 1 rows: kind payload, for which STIX has no object.',
    'warn: not said of 1 rows: names below the listed one.',
    '',
  ]);
});

test('one lookup goes to a file, and the counts are one JSON object', async () => {
  const out = join(folder.path, 'out.csv');
  const { code, stdout } = await exported('--format', 'csv', '--lookup', 'test-domain', '--out', out, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ format: 'csv', rows: 1, left_out: [], unsaid: [], out });
  expect(readFileSync(out, 'utf8')).toContain('"minexmr.com"');
});

test('- is standard output', async () => {
  const { stdout } = await exported('--format', 'csv', '--out', '-');
  expect(stdout).toContain('"minexmr.com"');
  expect(stdout).toBe((await exported('--format', 'csv')).stdout);
});

test.each([
  [['--format', 'xml'], 2, /^error: There is no format xml\. Those of --format are stix, sigma, logstash, csv\.\n$/],
  [
    ['--format', 'csv', '--lookup', 'pools'],
    2,
    /^error: No lookup is called pools\. .* test-domain, test-payload\.\n$/,
  ],
  [
    ['--format', 'csv', '--out', '/nowhere/x'],
    1,
    /^error: \/nowhere\/x can't be written: .* Name another file in --out\.\n$/,
  ],
])('%j', async (args, code, message) => {
  const ended = await exported(...args);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(message);
});
