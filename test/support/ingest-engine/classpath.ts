import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasMaven } from '../../../scripts/elasticsearch/install.ts';
import { withLock } from '../../../scripts/elasticsearch/lock.ts';
import { cacheFolder } from '../../../scripts/elasticsearch/place.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const POM = join(import.meta.dirname, 'pom.xml');

/**
 * Folder of the engine's jars in the cache, fetched with Maven on first use. It appears there whole or not at all.
 *
 * @throws where Maven is missing or can't fetch them.
 */
export async function ingestEngineJars(): Promise<string> {
  const home = join(cacheFolder(), 'ingest-engine-7.10.2');
  if (existsSync(home)) return home;
  if (!hasMaven()) throw new Error('The ingest pipelines are tested on an Elasticsearch 7.10.2: install Maven.');
  return withLock(cacheFolder(), async () => {
    if (existsSync(home)) return home;
    for (const rest of globSync(join(cacheFolder(), 'jars-*'))) rmSync(rest, { recursive: true });
    const folder = mkdtempSync(join(cacheFolder(), 'jars-'));
    console.error('Fetching Elasticsearch 7.10.2 with Painless, by Maven (36 MB, once) ...');
    const words = ['--quiet', '--batch-mode', '--file', POM, COPY, `-DoutputDirectory=${folder}`];
    const { status, error, stdout } = spawnSync('mvn', words, { encoding: 'utf8' });
    if (status !== 0) {
      rmSync(folder, { recursive: true });
      throw new Error(`Maven can't fetch Elasticsearch 7.10.2: ${error?.message ?? stdout.trim().slice(0, 500)}`);
    }
    renameSync(folder, home);
    return home;
  });
}
