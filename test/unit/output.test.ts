import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/cli.ts';

test.each(['lookups list', 'lookups list --json', 'run --help'])('%s onto a full disk is one line', (command) => {
  expect(existsSync('/dev/full')).toBe(true);
  const script = `exec "$0" "${join(ROOT, 'src/cli/main.ts')}" ${command} > /dev/full`;
  const { status, stderr } = spawnSync('bash', ['-c', script, process.execPath], { encoding: 'utf8', timeout: 60_000 });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: Standard output can't be written: ENOSPC: .*\. What was done stays done\.\n$/);
});
