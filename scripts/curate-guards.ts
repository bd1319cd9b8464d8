/**
 * Makes the data that `lookups validate` guards with from the MISP warning lists:
 *
 *     node scripts/curate-guards.ts FOLDER           writes src/lookups/guards/*.json
 *     node scripts/curate-guards.ts FOLDER --check   fails where they differ from what it would write
 *
 * FOLDER is `lists` of https://github.com/MISP/misp-warninglists: a folder a list, each with a list.json. The same lists
 * give the same files: no clock, no network.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guardFiles } from './curate/guard-data.ts';

const TARGET = new URL('../src/lookups/guards/', import.meta.url);

function curate(folder: string, check: boolean): number {
  const files = guardFiles((list) => readFileSync(join(folder, list, 'list.json'), 'utf8'));
  if (!check) {
    for (const [file, text] of files) writeFileSync(new URL(file, TARGET), text);
    return 0;
  }
  const stale = files.filter(([file, text]) => readFileSync(new URL(file, TARGET), 'utf8') !== text);
  for (const [file] of stale) {
    console.error(
      `src/lookups/guards/${file} is not what the lists give: run "node scripts/curate-guards.ts ${folder}"`,
    );
  }
  return stale.length === 0 ? 0 : 1;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
const [folder, ...others] = positionals;
if (folder === undefined || others.length > 0) {
  console.error('usage: node scripts/curate-guards.ts FOLDER [--check], where FOLDER holds the MISP warning lists');
  process.exitCode = 2;
} else {
  process.exitCode = curate(folder, values.check === true);
}
