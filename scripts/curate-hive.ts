/**
 * Takes from the pool templates of Hive OS which ports pools have, for the lookup mining-ports-extended:
 *
 *     node scripts/curate-hive.ts REPOSITORY           writes scripts/curate/hive-ports.json
 *     node scripts/curate-hive.ts REPOSITORY --check   fails where it differs from what it would write
 *
 * REPOSITORY is a clone, with its history, of https://github.com/minershive/hive-pooltemplates. The same commit gives the
 * same file: no clock, no network. Then run scripts/curate-lookups.ts.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatHivePorts, hivePorts, type Repository } from './curate/hive.ts';
import { tells } from './curate/services.ts';

const TARGET = new URL('curate/hive-ports.json', import.meta.url);
const TEMPLATES = 'pool_templates';

function openRepository(folder: string): Repository {
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  const lines = (...args: string[]): string[] =>
    git(...args)
      .split('\n')
      .filter((line) => line !== '');
  const pathOf = (name: string): string => `${TEMPLATES}/${name}.json`;
  const [commit = '', date = ''] = lines('log', '-1', '--format=%H%n%cs');
  const names = lines('ls-tree', '--name-only', 'HEAD', `${TEMPLATES}/`).flatMap(
    (path) => /([^/]+)\.json$/.exec(path)?.[1] ?? [],
  );
  return {
    commit: commit.slice(0, 12),
    date,
    newest: new Map(names.map((name) => [name, git('show', `HEAD:${pathOf(name)}`)])),
    versions: (name) =>
      lines('rev-list', 'HEAD', '--', pathOf(name))
        .filter((version) => lines('ls-tree', version, pathOf(name)).length > 0)
        .map((version) => ({ commit: version.slice(0, 12), text: git('show', `${version}:${pathOf(name)}`) })),
  };
}

function curate(folder: string, check: boolean): number {
  const text = formatHivePorts(hivePorts(openRepository(folder), tells));
  if (!check) {
    writeFileSync(TARGET, text);
    return 0;
  }
  if (readFileSync(TARGET, 'utf8') === text) return 0;
  console.error(
    `scripts/curate/hive-ports.json is not what the templates give: run "node scripts/curate-hive.ts ${folder}"`,
  );
  return 1;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
const [folder, ...others] = positionals;
if (folder === undefined || others.length > 0) {
  console.error(
    'usage: node scripts/curate-hive.ts REPOSITORY [--check], where REPOSITORY is a clone of the templates',
  );
  process.exitCode = 2;
} else {
  process.exitCode = curate(folder, values.check === true);
}
