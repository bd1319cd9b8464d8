import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../../support/cli.ts';

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const json = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
const { dependencies = {}, scripts } = json('package.json') as Package & {
  scripts: Readonly<Record<string, string>>;
};
const { packages } = json('package-lock.json') as { packages: Readonly<Record<string, Package>> };
const shipped = Object.entries(packages).filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true);

test('SECURITY.md tells of each dependency, and of no other', () => {
  const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
  const table = page.slice(page.indexOf('| dependency |'));
  const told = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = '']) =>
    names.replaceAll('`', '').split(', '),
  );
  expect(told.toSorted()).toEqual(Object.keys(dependencies).toSorted());
});

test('nothing that is shipped runs a script when it is installed', () => {
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  expect(shipped.length).toBeGreaterThan(Object.keys(dependencies).length);
  expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});

test('the lock pins all that is shipped by its hash', () => {
  expect(shipped.filter(([, { integrity, link }]) => integrity === undefined && link !== true)).toEqual([]);
});
