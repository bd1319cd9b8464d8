/**
 * Takes from the pool templates of Hive OS which hosts and ports pools have:
 *
 *     node scripts/curate-hive.ts REPOSITORY           writes scripts/curate/hive.json
 *     node scripts/curate-hive.ts REPOSITORY --check   fails where it differs from what it would write
 *
 * REPOSITORY is a clone, with its history, of https://github.com/minershive/hive-pooltemplates. The same commit gives the
 * same file: no clock, no network. Then run scripts/curate-lookups.ts.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatHiveFacts, hiveFacts, type Repository } from './curate/hive.ts';
import { RESEARCHED_SITES } from './curate/researched-sites.ts';
import { tells } from './curate/services.ts';
import { SITES } from './curate/tables.ts';

const TARGET = new URL('curate/hive.json', import.meta.url);
const TEMPLATES = 'pool_templates';
/** So many digits of a commit's id are cited. */
const SHORT = 12;

function openRepository(folder: string): Repository {
  const git = (args: readonly string[], input = ''): Buffer =>
    execFileSync('git', ['-C', folder, ...args], { input, maxBuffer: 2 ** 30 });
  const [commit = '', date = ''] = git(['log', '-1', '--format=%H%n%cs']).toString().split('\n');
  const log = git(['log', '--raw', '--no-abbrev', '--no-renames', '--format=%H', 'HEAD', '--', TEMPLATES]).toString();
  const changes = [...changesOf(log)];
  const tree = git(['ls-tree', 'HEAD', `${TEMPLATES}/`]).toString();
  const today = [...tree.matchAll(/^\S+ blob (\S+)\t.*\/([^/\n]+)\.json$/gm)];
  const blobs = new Set([...changes.map(({ blob }) => blob), ...today.map(([, blob = '']) => blob)]);
  const texts = textsOf(git(['cat-file', '--batch'], [...blobs, ''].join('\n')));
  const textOf = (blob = ''): string => texts.get(blob) ?? '';
  return {
    commit: commit.slice(0, SHORT),
    date,
    newest: new Map(today.map(([, blob, name = '']) => [name, textOf(blob)])),
    versions: new Map(
      [...Map.groupBy(changes, ({ name }) => name)].map(([name, all]) => [
        name,
        all.map((change) => ({ commit: change.commit, text: textOf(change.blob) })),
      ]),
    ),
  };
}

/** The versions in what `git log --raw` prints, the newest first; what a commit deletes is none. */
function* changesOf(log: string): Generator<{ readonly commit: string; readonly name: string; readonly blob: string }> {
  let commit = '';
  for (const line of log.split('\n')) {
    if (/^[\da-f]{40}$/.test(line)) commit = line.slice(0, SHORT);
    const { blob, name } = /^:(?:\S+ ){3}(?<blob>\S+) [AM]\t\S+\/(?<name>[^/]+)\.json$/.exec(line)?.groups ?? {};
    if (blob !== undefined && name !== undefined) yield { commit, name, blob };
  }
}

/** Texts by blob, from what `git cat-file --batch` prints. */
function textsOf(batch: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < batch.length; ) {
    const end = batch.indexOf('\n', at);
    const [blob = '', , size] = batch.toString('utf8', at, end).split(' ');
    texts.set(blob, batch.toString('utf8', end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return texts;
}

function isSite(domain: string): boolean {
  return SITES.has(domain) || RESEARCHED_SITES.has(domain);
}

function curate(folder: string, check: boolean): number {
  const text = formatHiveFacts(hiveFacts(openRepository(folder), { tells, isSite }));
  if (!check) {
    writeFileSync(TARGET, text);
    return 0;
  }
  if (readFileSync(TARGET, 'utf8') === text) return 0;
  console.error(`scripts/curate/hive.json is not what the templates give: run "node scripts/curate-hive.ts ${folder}"`);
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
