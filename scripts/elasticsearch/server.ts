/** A server from the Maven artifact, run by a Java of this machine. All it writes lies in one folder. */
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { healthyUrl, type IsHealthy, type Server } from './health.ts';
import { install } from './install.ts';
import { findJava, OLDEST_JAVA } from './java.ts';
import { serverUser, workFolder } from './place.ts';
import { end, runs } from './process.ts';

export const VERSION = '9.5.3';

export interface StartOptions {
  /** Absolute; holds the state from one start to the next: `server.json`, `start.log` and `node/`. */
  readonly folder: string;
  readonly version?: string;
  /** As Java writes it, such as `512m`. Default: MINECANARY_ES_HEAP, else 512m. */
  readonly heap?: string;
  /** Elasticsearch settings beside the defaults or in their place. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** Name in the configuration folder -> text; they replace the files that the release brings. */
  readonly files?: Readonly<Record<string, string>>;
  /** For a server that wants credentials. */
  readonly isHealthy?: IsHealthy;
}

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  readonly description: string;
  /** Ends it and waits until it has gone; its data stay. */
  stop(): Promise<void>;
}

/** `mark` stands in the command line of the process, `work` is the folder with its data, log, pid and port. */
interface State {
  readonly version: string;
  /** Where it is not plain HTTP. */
  readonly scheme?: 'https';
  readonly mark: string;
  readonly work: string;
}

const SETTINGS: StartOptions['settings'] = {
  'cluster.name': 'minecanary',
  'node.name': 'minecanary',
  'discovery.type': 'single-node',
  'http.host': '127.0.0.1',
  'transport.host': '127.0.0.1',
  // The system picks free ports, and the server writes them to logs/http.ports.
  'http.port': 0,
  'transport.port': 0,
  'node.portsfile': true,
  'xpack.security.enabled': false,
  // A disk that is nearly full would make every index read-only.
  'cluster.routing.allocation.disk.threshold_enabled': false,
  // The test build can't delete data streams: each test run leaves a few, empty.
  'cluster.max_shards_per_node': 10_000,
};
const BOOT_MS = 180_000;

/** Starts a server and waits until its cluster is green or yellow. Throws, and leaves no process, where that fails. */
export async function startElasticsearch(options: StartOptions): Promise<ServerProcess> {
  const { folder, version = VERSION, settings = {}, files = {}, isHealthy } = options;
  const java = findJava();
  if (java === undefined) throw new Error(`No Java ${OLDEST_JAVA} or newer was found.`);
  const home = await install(version, java);
  const tls = settings['xpack.security.http.ssl.enabled'] === true;
  const state: State = {
    version,
    ...(tls ? { scheme: 'https' } : {}),
    mark: `-Dminecanary.server=${randomUUID()}`,
    work: workFolder(folder),
  };
  prepare(state.work, home, files);
  writeFileSync(join(folder, 'server.json'), `${JSON.stringify(state)}\n`);
  await launch(home, java, state, options);
  const server = findElasticsearch(folder);
  if (server === undefined) throw new Error(`Elasticsearch ended while starting: see ${logOf(state)}.`);
  const url = await healthyUrl(server, isHealthy);
  return { url, pid: server.pid, description: server.description, stop: () => server.stop() };
}

/** The server that `folder` tells of, or undefined where its process has gone. */
export function findElasticsearch(folder: string): (Server & { readonly pid: number }) | undefined {
  const stateText = textOf(join(folder, 'server.json'));
  if (stateText === undefined) return undefined;
  const state = JSON.parse(stateText) as State;
  const pid = Number(textOf(join(state.work, 'pid')));
  const alive = () => runs(pid, state.mark);
  if (!alive()) return undefined;
  return {
    pid,
    description: `Elasticsearch ${state.version}, process ${pid}, log ${logOf(state)}`,
    url: () => {
      const address = /^127\.0\.0\.1:\d+$/m.exec(textOf(join(state.work, 'logs/http.ports')) ?? '')?.[0];
      return address && `${state.scheme ?? 'http'}://${address}`;
    },
    alive,
    stop: () => end(pid, state.mark),
  };
}

function prepare(work: string, home: string, files: Readonly<Record<string, string>>): void {
  for (const name of ['config', 'logs', 'tmp', 'pid']) rmSync(join(work, name), { recursive: true, force: true });
  for (const name of ['data', 'logs', 'tmp']) mkdirSync(join(work, name), { recursive: true });
  chmodSync(work, 0o755);
  cpSync(join(home, 'config'), join(work, 'config'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(work, 'config', name), text);
  const { uid, gid } = serverUser();
  if (uid !== undefined) spawnSync('chown', ['-R', `${uid}:${gid}`, work]);
}

/** Elasticsearch's own launcher: it ends once the server is up in the background, or tells why it is not. */
async function launch(home: string, java: string, { mark, work }: State, options: StartOptions): Promise<void> {
  const heap = options.heap ?? (process.env.MINECANARY_ES_HEAP || '512m');
  const paths = { 'path.data': join(work, 'data'), 'path.logs': join(work, 'logs') };
  const settings = Object.entries({ ...SETTINGS, ...paths, ...options.settings });
  const output = join(options.folder, 'start.log');
  const log = openSync(output, 'w');
  const child = spawn(
    join(home, 'bin/elasticsearch'),
    ['-d', '-p', join(work, 'pid'), ...settings.map(([name, value]) => `-E${name}=${value}`)],
    {
      ...serverUser(),
      cwd: work,
      env: {
        PATH: process.env.PATH,
        HOME: work,
        ES_JAVA_HOME: java,
        ES_PATH_CONF: join(work, 'config'),
        ES_TMPDIR: join(work, 'tmp'),
        // For the launcher, which leaves files behind; quoted, since the path may hold blanks.
        JDK_JAVA_OPTIONS: `"-Djava.io.tmpdir=${join(work, 'tmp')}"`,
        ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap} -XX:TieredStopAtLevel=1 -Xlog:disable ${mark}`,
      },
      // A process group of its own: Ctrl-C in the terminal ends neither a server at work nor, half-way, one at start.
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  const abort = () => child.pid && process.kill(-child.pid, 'SIGKILL');
  const code = await exitCode(child, abort);
  if (code !== 0) throw new Error(`Elasticsearch did not start (${code}): see ${output}.\n${lastLines(output)}`);
}

/** Ctrl-C ends the server that is half started, and then the caller. */
async function exitCode(child: ReturnType<typeof spawn>, abort: () => void): Promise<number | string> {
  const interrupt = (signal: NodeJS.Signals) => {
    abort();
    process.kill(process.pid, signal);
  };
  const timer = setTimeout(abort, BOOT_MS);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', (code, signal) => resolve(code ?? signal ?? 'ended'));
    });
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function logOf({ work }: State): string {
  return join(work, 'logs/minecanary.log');
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n');
}
