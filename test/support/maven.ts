/** Jars that tests need, fetched with Maven on first use into the cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hasMaven } from '../../scripts/elasticsearch/install.ts';
import { withLock } from '../../scripts/elasticsearch/lock.ts';
import { cacheFolder } from '../../scripts/elasticsearch/place.ts';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/**
 * Folder of the jars that a pom.xml depends on. It appears in the cache whole or not at all.
 *
 * @param name of the folder, with the version of what is in it.
 * @param what for people, with its size.
 * @throws where Maven is missing or can't fetch them.
 */
export async function mavenJars(pom: string, name: string, what: string): Promise<string> {
  const home = join(cacheFolder(), name);
  if (existsSync(home)) return home;
  if (!hasMaven()) throw new Error(`Tests need ${what}: install Maven.`);
  return withLock(cacheFolder(), async () => {
    if (existsSync(home)) return home;
    for (const rest of globSync(join(cacheFolder(), `jars-${name}-*`))) rmSync(rest, { recursive: true });
    const folder = mkdtempSync(join(cacheFolder(), `jars-${name}-`));
    console.error(`Fetching ${what}, by Maven (once) ...`);
    const words = ['--quiet', '--batch-mode', '--file', pom, COPY, `-DoutputDirectory=${folder}`];
    const { status, error, stdout } = spawnSync('mvn', words, { encoding: 'utf8' });
    if (status !== 0) {
      rmSync(folder, { recursive: true });
      throw new Error(`Maven can't fetch ${what}: ${error?.message ?? stdout.trim().slice(0, 500)}`);
    }
    renameSync(folder, home);
    return home;
  });
}
