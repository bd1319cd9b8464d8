import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { esqlHunts } from '../../src/convert/esql/hunts.ts';
import { loadLookups } from '../../src/feeds/load.ts';

const FOLDER = 'hunts';

/** hunts/*.esql: the hunts of the shipped lookups. Those that are no more are removed. */
export async function writeHunts(): Promise<void> {
  const files = new Map(
    esqlHunts(await loadLookups(loadConfig({ env: {} }).lookups)).map(({ name, text }) => [`${name}.esql`, text]),
  );
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) if (name.endsWith('.esql') && !files.has(name)) rmSync(join(FOLDER, name));
  for (const [name, text] of files) writeFileSync(join(FOLDER, name), text);
}
