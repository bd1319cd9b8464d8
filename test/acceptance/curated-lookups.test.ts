import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const data = process.env.MINECANARY_REAL_DATA;

if (data === undefined || data === '') {
  test('MINECANARY_REAL_DATA is not set: the shipped lookups are not compared with the published lists', () => {
    console.warn('MINECANARY_REAL_DATA is not set: nothing is regenerated');
    expect(data ?? '').toBe('');
  });
} else {
  test('the published lists give exactly the shipped lookups', () => {
    const script = fileURLToPath(new URL('../../scripts/curate-lookups.ts', import.meta.url));
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { status, stderr } = spawnSync(process.execPath, [script, join(data, 'intel'), '--check'], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
}
