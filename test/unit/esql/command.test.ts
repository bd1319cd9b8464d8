import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ROOT, runCli } from '../../support/cli.ts';

const hunt = (...args: readonly string[]) => runCli(['hunt', ...args]);
const fileOf = (name: string): string => readFileSync(join(ROOT, 'hunts', `${name}.esql`), 'utf8');

describe('hunt --esql', () => {
  test('lists the hunts with their questions', async () => {
    const { code, stdout } = await hunt('--esql');
    expect(code).toBe(0);
    const listed = stdout.trimEnd().split('\n');
    const names = readdirSync(join(ROOT, 'hunts')).map((name) => name.replace('.esql', ''));
    expect(listed.map((line) => line.split(' ')[0])).toEqual(names.toSorted());
    expect(listed).toContain(
      'ports-server             who connects to a port that mining pools listen on, where, and how often?',
    );
  });

  test('prints a hunt as its file has it', async () => {
    expect((await hunt('--esql', 'beacons')).stdout).toBe(fileOf('beacons'));
  });

  test('over other indices, in quotes, never over our own', async () => {
    const { stdout } = await hunt('--esql', 'beacons', '--index', 'filebeat-*,a"b');
    const from = 'FROM "filebeat-*", "a\\"b", "-minecanary-*", "-logs-minecanary.*"';
    expect(stdout).toBe(fileOf('beacons').replace(/^FROM .*$/m, from));
  });

  test('as JSON for programs', async () => {
    const { stdout } = await hunt('--esql', 'beacons', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ name: 'beacons', query: fileOf('beacons') });
  });

  test.each([
    [['--esql', 'nothing'], /^error: There is no hunt nothing\. Those of --esql are beacons, .*, user-agents\.\n$/],
    [['--esql', '../package'], /^error: There is no hunt \.\.\/package\./],
    [['--run'], /^error: --run needs a hunt: name it behind --esql\.\n$/],
    [['--esql', 'beacons', '--lookup', 'pool-domains'], /^error: --lookup does not go with --esql/],
    [['--esql', 'beacons', '--from', '2026-11-01'], /^error: --from and --to go with --run/],
    [
      ['--esql', 'beacons', '--index', 'minecanary-units'],
      /^error: --index names minecanary-units, which minecanary writes/,
    ],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await hunt(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
