import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../support/cli.ts';
import { metricHelps } from '../../support/metrics.ts';

test('docs/OPERATIONS.md names every metric, as it says of itself', async () => {
  const page = readFileSync(join(ROOT, 'docs/OPERATIONS.md'), 'utf8').split('\n## ');
  const section = page.find((text) => text.startsWith('Metrics and health\n')) ?? '';
  const rows = [...section.matchAll(/^\| `(minecanary_\w+)` \| .* \| (.+) \|$/gm)];
  expect(Object.fromEntries(rows.map(([, name = '', help = '']) => [name, help]))).toEqual(
    Object.fromEntries(await metricHelps()),
  );
});
