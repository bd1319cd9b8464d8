import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');

interface Locked {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

function json(name: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

const { dependencies, scripts } = json('package.json') as { dependencies: object; scripts: object };
const { packages } = json('package-lock.json') as { packages: Readonly<Record<string, Locked>> };
/** What an installation gets. */
const needed = Object.entries(packages).filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true);

test('SECURITY.md lists the runtime dependencies of package.json, and says what each is for', () => {
  const rows = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8').matchAll(/^\| `([^`]+)` \| (\S.*) \|$/gm);
  expect([...rows].map(([, name]) => name)).toEqual(Object.keys(dependencies).toSorted());
});

test('none that an installation gets runs anything as it is installed, nor do we', () => {
  expect(needed.length).toBeGreaterThan(Object.keys(dependencies).length);
  expect(needed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
  expect(Object.keys(scripts).filter((name) => /install$|^prepare$/.test(name))).toEqual([]);
});

test('each is pinned by its integrity', () => {
  expect(needed.filter(([, { integrity, link }]) => integrity === undefined && link !== true)).toEqual([]);
});
