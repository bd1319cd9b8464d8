/** Commands under a configuration with every secret there is, beside servers that say back what they hear. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { type Ended, type Folder, ROOT, runCli, temporaryFolder } from './cli.ts';
import { type EchoServer, ENVIRONMENT, echoServer, hookUrl, outsiders, tracesIn } from './secrets.ts';
import type { StandIn } from './stand-in.ts';

/** Exit codes. */
export const [DONE, FAILED, USAGE] = [/0/, /[12]/, /2/] as const;
export const EVENTS = 'secrets-events';
export const INIT = ['init', '--out', '-'] as const;
const MANY = join(import.meta.dirname, 'run-commands.ts');

export interface SecretsCorner {
  readonly folder: Folder;
  /** Receiver of alerts, and where feeds lie. */
  readonly outside: EchoServer;
  /** The variables of the configuration. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a configuration with every secret, these keys for Elasticsearch, and others. */
  configOf(name: string, elasticsearch: object, others?: object): string;
  /** Closes a server at the end. */
  kept<T extends StandIn>(starting: Promise<T>): Promise<T>;
  /** Runs commands in one process: all end with a code that fits, and none tells a secret. */
  run(codes: RegExp, commands: readonly (readonly string[])[], own?: object): Promise<Ended>;
  close(): Promise<void>;
}

export async function secretsCorner(): Promise<SecretsCorner> {
  const folder = temporaryFolder();
  const outside = await echoServer();
  const servers: StandIn[] = [outside];
  const env = { ...ENVIRONMENT, HOOK_URL: hookUrl(outside.url) };
  return {
    folder,
    outside,
    env,
    configOf: (name, elasticsearch, others = {}) =>
      folder.file(`${name}.json`, {
        elasticsearch,
        sources: [{ name: 'events', index: EVENTS }],
        lag: '0s',
        feeds_folder: folder.folder('feeds'),
        ...outsiders(outside.url),
        ...others,
      }),
    async kept(starting) {
      const server = await starting;
      servers.push(server);
      return server;
    },
    async run(codes, commands, own = {}) {
      const ended = await runCli([JSON.stringify(commands)], { main: MANY, env: { ...env, ...own } });
      expectNone(ended);
      const told = [...ended.stderr.matchAll(/^ended with (\d): (.*)$/gm)].map(([, code = '', name]) => [name, code]);
      expect(told).toEqual(commands.map(([name]) => [name, expect.stringMatching(codes)]));
      return ended;
    },
    async close() {
      for (const server of servers) await server.close();
      folder.remove();
      // Neither heap nor environment are dumped.
      expect(readdirSync(ROOT).filter((name) => /^(report\.|core|Heap)|\.heapsnapshot$/.test(name))).toEqual([]);
    },
  };
}

export function expectNone({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>): void {
  expect(tracesIn(stdout)).toEqual([]);
  expect(tracesIn(stderr)).toEqual([]);
}

/** Every command that asks Elasticsearch, with a configuration. */
export function asking(config: string): string[][] {
  return [
    ['run', '--once'],
    ['run', '--once', '--dry-run', '--json'],
    ['run', '--explain-plan', '--json'],
    ['setup', '--dry-run', '--json'],
    ['doctor'],
    ['doctor', '--json'],
    ['status'],
    ['status', '--json'],
    ['hunt', '--json'],
    ['explain', '--index', EVENTS, '--id', 'a', '--json'],
    ['report', '--json'],
  ].map((args) => [...args, '--config', config]);
}
