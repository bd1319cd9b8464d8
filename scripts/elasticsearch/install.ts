import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { cacheFolder } from './place.ts';

/** The releases this project runs, with the SHA-256 of the archive: mirrors of Maven Central may serve no checksum. */
const RELEASES: Readonly<Record<string, string>> = {
  '8.19.21': '215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a',
  '9.5.3': 'bec49f3b8d00e75c8d1cec85c35298635ec9fbd3ae80ef5aeb6bc05abdb3db2d',
};
const ARTIFACT = 'org.elasticsearch.distribution.integ-test-zip:elasticsearch';
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

export function installedHome(version: string): string {
  return join(cacheFolder(), `elasticsearch-${version}`);
}

/** True where Maven can be run; it is needed only until the release lies in the cache. */
export function hasMaven(): boolean {
  return spawnSync('mvn', ['--version']).status === 0;
}

/**
 * Home of an Elasticsearch release in the cache, fetched on first use. It appears there whole or not at all.
 * Throws where the release is unknown, or Maven can't fetch an archive with the known checksum.
 */
export async function install(version: string, java: string): Promise<string> {
  const home = installedHome(version);
  if (existsSync(home)) return home;
  return withLock(cacheFolder(), async () => {
    if (existsSync(home)) return home;
    for (const rest of globSync(join(cacheFolder(), 'unpack-*'))) rmSync(rest, { recursive: true });
    const folder = mkdtempSync(join(cacheFolder(), 'unpack-'));
    try {
      unpack(fetchArchive(version, folder), folder, java);
      renameSync(join(folder, `elasticsearch-${version}`), home);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return home;
  });
}

/** A second try goes past Maven's local repository: what lies there is not read again from the network. */
function fetchArchive(version: string, folder: string): string {
  const expected = RELEASES[version];
  if (expected === undefined) throw new Error(`No checksum is known of Elasticsearch ${version}: add it to RELEASES.`);
  console.error(`Fetching Elasticsearch ${version} with Maven (130 MB, once) ...`);
  const archive = join(folder, `elasticsearch-${version}.zip`);
  const target = [`-Dartifact=${ARTIFACT}:${version}:zip`, `-DoutputDirectory=${folder}`];
  let found = '';
  for (const repository of [[], [`-Dmaven.repo.local=${join(folder, 'repository')}`]]) {
    run('mvn', ['--quiet', '--batch-mode', COPY, ...target, ...repository], folder);
    found = createHash('sha256').update(readFileSync(archive)).digest('hex');
    if (found === expected) return archive;
    rmSync(archive);
  }
  throw new Error(
    `Maven fetched a broken archive of Elasticsearch ${version}: its SHA-256 is ${found}, not ${expected}.`,
  );
}

/** A JDK brings `jar`; a bare Java runtime doesn't. Neither keeps what may be run, nor does root's umask matter. */
function unpack(archive: string, folder: string, java: string): void {
  const jar = join(java, 'bin/jar');
  if (existsSync(jar)) run(jar, ['--extract', '--file', archive], folder);
  else run('unzip', ['-q', archive], folder);
  run('chmod', ['-R', 'a+rX', '.'], folder);
  for (const script of globSync(join(folder, 'elasticsearch-*/bin/elasticsearch*'))) chmodSync(script, 0o755);
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  const reason = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(0, 3).join('\n');
  throw new Error(`${command} failed: ${reason}`);
}
