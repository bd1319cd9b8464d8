import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { serverUser } from './place.ts';

/** The oldest Java that Elasticsearch 9 and 8.19 run on. */
export const OLDEST_JAVA = 21;

const JVM_FOLDERS = ['/usr/lib/jvm', '/usr/java', '/opt/java', '/Library/Java/JavaVirtualMachines'];

/**
 * Home of the first Java that is of version `oldest` or newer and that the server's user can run: ES_JAVA_HOME, JAVA_HOME, `java` on the
 * PATH, then the folders where systems keep their JVMs (MINECANARY_JVMS names others, as a PATH does).
 */
export function findJava(oldest = OLDEST_JAVA): string | undefined {
  for (const java of candidates()) {
    const home = homeIfNewEnough(java, oldest);
    if (home !== undefined) return home;
  }
  return undefined;
}

function* candidates(): Generator<string> {
  for (const home of [process.env.ES_JAVA_HOME, process.env.JAVA_HOME]) if (home) yield join(home, 'bin/java');
  yield 'java';
  for (const folder of process.env.MINECANARY_JVMS?.split(delimiter) ?? JVM_FOLDERS) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort().toReversed()) {
      yield* [join(folder, name, 'bin/java'), join(folder, name, 'Contents/Home/bin/java')].filter(existsSync);
    }
  }
}

function homeIfNewEnough(java: string, oldest: number): string | undefined {
  const { stderr } = spawnSync(java, ['-XshowSettings:properties', '-version'], {
    ...serverUser(),
    cwd: '/',
    encoding: 'utf8',
  });
  const property = (name: string) => new RegExp(`^ *${name} = (.*)$`, 'm').exec(stderr ?? '')?.[1];
  const version = Number(property('java\\.specification\\.version'));
  return version >= oldest ? property('java\\.home') : undefined;
}
