/** Elasticsearch 7.10.2 with Painless and ingest processors: what the test server of the other tests lacks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findJava } from '../../../scripts/elasticsearch/java.ts';
import { mavenJars } from '../maven.ts';

const OLDEST_JAVA = 17;
const GRACE_MS = 20_000;

export interface IngestEngine {
  readonly url: string;
  readonly pid: number;
  /** Sends JSON, or lines of it where the body is text. The client of the product refuses a server this old. */
  ask<T>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** Ends it, waits until it has gone, and removes what it wrote. */
  stop(): Promise<void>;
}

/**
 * Starts the engine, with a heap of 512 MB; it ends with this process at the latest.
 *
 * @throws one sentence with the cure where Java or Maven is missing.
 */
export async function startIngestEngine(): Promise<IngestEngine> {
  const java = findJava(OLDEST_JAVA);
  if (java === undefined) {
    throw new Error(
      `The ingest pipelines are tested on an Elasticsearch 7.10.2: install Java ${OLDEST_JAVA} or newer.`,
    );
  }
  const pom = join(import.meta.dirname, 'pom.xml');
  const jars = await mavenJars(pom, 'ingest-engine-7.10.2', 'Elasticsearch 7.10.2 with Painless (36 MB)');
  const home = mkdtempSync(join(tmpdir(), 'minecanary-ingest-'));
  const child = spawn(
    join(java, 'bin/java'),
    ['-Xms512m', '-Xmx512m', '-cp', `${jars}/*`, join(import.meta.dirname, 'Launcher.java'), home],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(home, { recursive: true, force: true });
  };
  const url = await urlOf(child);
  if (url === undefined || child.pid === undefined) {
    await stop();
    throw new Error('The Elasticsearch 7.10.2 of the ingest tests ended while starting.');
  }
  return { url, pid: child.pid, ask: createAsk(url), stop };
}

async function urlOf({ stdout }: ChildProcess): Promise<string | undefined> {
  if (stdout === null) return undefined;
  for await (const line of createInterface(stdout)) {
    if (!line.startsWith('http://')) continue;
    stdout.resume();
    return line;
  }
  return undefined;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  child.stdin?.end();
  await gone;
  clearTimeout(timer);
}

function createAsk(url: string): IngestEngine['ask'] {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const lines = typeof body === 'string';
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': lines ? 'application/x-ndjson' : 'application/json' },
      ...(body === undefined ? {} : { body: lines ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 2000)}`);
    return JSON.parse(text) as T;
  };
}
