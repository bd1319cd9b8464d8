/**
 * Makes the shipped lookups from published indicator lists, by the rules told in lookups/README.md:
 *
 *     node scripts/curate-lookups.ts FOLDER           writes lookups/*.json and the counts in lookups/README.md
 *     node scripts/curate-lookups.ts FOLDER --check   fails where they differ from what it would write
 *
 * FOLDER holds the lists: et_open_domains.txt, maltrail_suspicious_crypto_mining.txt, nocoin_hosts.txt,
 * nocoin_nocoin.txt, sigma_mining_rules.json. The same lists give the same files: no clock, no network.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatLookup, lookupFiles } from './curate/files.ts';
import { readLists } from './curate/read.ts';
import { report, withReport } from './curate/report.ts';
import { researchedClaims } from './curate/researched-pools.ts';
import { newTally } from './curate/tally.ts';
import { weed } from './curate/weed.ts';

const LOOKUPS = new URL('../lookups/', import.meta.url);

function curate(folder: string, check: boolean): number {
  const tally = newTally();
  const { claims, ...lists } = readLists(folder, tally);
  const lookups = lookupFiles(weed([...claims, ...researchedClaims()], tally), lists, tally);
  const counts = report(lookups, tally);
  const readme = readFileSync(new URL('README.md', LOOKUPS), 'utf8');
  const texts: [file: string, text: string][] = [
    ...lookups.map((lookup): [string, string] => [`${lookup.name}.json`, formatLookup(lookup)]),
    ['README.md', withReport(readme, counts)],
  ];
  console.log(counts);
  if (!check) {
    for (const [file, text] of texts) writeFileSync(new URL(file, LOOKUPS), text);
    return 0;
  }
  const stale = texts.filter(([file, text]) => readFileSync(new URL(file, LOOKUPS), 'utf8') !== text);
  for (const [file] of stale) {
    console.error(`lookups/${file} is not what the lists give: run "node scripts/curate-lookups.ts ${folder}"`);
  }
  return stale.length === 0 ? 0 : 1;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
const [folder, ...others] = positionals;
if (folder === undefined || others.length > 0) {
  console.error('usage: node scripts/curate-lookups.ts FOLDER [--check], where FOLDER holds the published lists');
  process.exitCode = 2;
} else {
  process.exitCode = curate(folder, values.check === true);
}
