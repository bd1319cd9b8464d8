/** A server from Elastic's own image, where a Docker engine answers. Its data lie in a volume, its id in the folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { healthyUrl, type Server } from './health.ts';
import { shortName } from './place.ts';
import { VERSION } from './server.ts';

const IMAGE = `docker.elastic.co/elasticsearch/elasticsearch:${VERSION}`;

/** The client alone is not enough: its engine must answer. */
export function dockerAnswers(): boolean {
  return spawnSync('docker', ['info'], { timeout: 20_000 }).status === 0;
}

/** Starts a container and waits until its cluster is green or yellow. Throws, and leaves none, where that fails. */
export async function startContainer(folder: string): Promise<{ readonly url: string; readonly description: string }> {
  mkdirSync(folder, { recursive: true });
  const volume = `minecanary-${shortName(folder)}`;
  const heap = process.env.MINECANARY_ES_HEAP || '512m';
  const settings = {
    'discovery.type': 'single-node',
    'xpack.security.enabled': 'false',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:TieredStopAtLevel=1`,
  };
  const container = docker(
    ['run', '--detach', '--publish', '127.0.0.1::9200', '--volume', `${volume}:/usr/share/elasticsearch/data`],
    Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    [IMAGE],
  );
  writeFileSync(stateFile(folder), `${container}\n`);
  const server = findContainer(folder);
  if (server === undefined) throw new Error(`The container ended while starting: see \`docker logs ${container}\`.`);
  return { url: await healthyUrl(server), description: server.description };
}

/** The container that `folder` tells of, or undefined where it does not run. */
export function findContainer(folder: string): Server | undefined {
  if (!existsSync(stateFile(folder))) return undefined;
  const container = readFileSync(stateFile(folder), 'utf8').trim();
  const alive = () => isRunning(container);
  if (!alive()) return undefined;
  return {
    description: `Elasticsearch ${VERSION}, container ${container.slice(0, 12)}`,
    url: () => `http://${docker(['port', container, '9200/tcp']).split('\n')[0]}`,
    alive,
    stop: () => remove(folder, container),
  };
}

async function remove(folder: string, container: string): Promise<void> {
  docker(['stop', '-t', '30', container]);
  docker(['rm', container]);
  rmSync(stateFile(folder), { force: true });
}

function isRunning(container: string): boolean {
  const { stdout } = spawnSync('docker', ['inspect', '--format', '{{.State.Running}}', container], {
    encoding: 'utf8',
  });
  return stdout?.trim() === 'true';
}

function stateFile(folder: string): string {
  return join(folder, 'container');
}

/** What the command prints. The progress of a first download goes to the terminal. */
function docker(...args: readonly (readonly string[])[]): string {
  const words = args.flat();
  const { status, stdout } = spawnSync('docker', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`docker ${words[0]} failed (see above).`);
  return stdout.trim();
}
