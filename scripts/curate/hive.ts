import { parse as parseHost } from 'tldts';

/** A git repository of pool templates, a JSON file a pool, as its history has them. */
export interface Repository {
  /** Of the newest commit. */
  readonly commit: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  /** Names of the templates there, and their texts. */
  readonly newest: ReadonlyMap<string, string>;
  /** All versions of one template, the newest first. */
  readonly versions: (name: string) => readonly { readonly commit: string; readonly text: string }[];
}

/** What the templates say of ports. Its keys are written in this order. */
export interface HivePorts {
  readonly origin: string;
  readonly licence: string;
  readonly commit: string;
  readonly date: string;
  /** By port: the templates of the newest commit that name it, with spaces, where they are of four pools or more. */
  readonly shared: Readonly<Record<string, string>>;
  /** By pool and by the newest commit that names them: the ports it has or had, with spaces. */
  readonly own: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * From so many pools on, a port is no chance: the templates name 2,047 ports from 3000 to 9999, and drawn at random they
 * would agree by fours on two ports (by threes on 24, by twos on 247); they do on 58 (128, 337).
 */
const POOLS = 4;

/** Pools of many coins that give each coin or algorithm a port of its own. */
const OWN: readonly string[] = ['2miners', 'antpool', 'f2pool', 'miningpoolhub', 'nanopool', 'nicehash', 'prohashing'];

/** @param tells whether a port says anything; the others are left out. */
export function hivePorts(repository: Repository, tells: (port: number) => boolean): HivePorts {
  const { commit, date, newest, versions } = repository;
  return {
    origin: 'https://github.com/minershive/hive-pooltemplates',
    licence: 'none named; facts only',
    commit,
    date,
    shared: Object.fromEntries(sharedPorts(newest).filter(([port]) => tells(port))),
    own: Object.fromEntries(OWN.map((name) => [name, ownPorts(versions(name), tells)])),
  };
}

/** Every `host:port` of a template, with or without a scheme. Older versions are no valid JSON, so it is read as text. */
function socketsOf(text: string): { readonly domain: string; readonly port: number }[] {
  return [...text.matchAll(/"(?:[a-z\d+]+:\/\/)?([\w.-]+\.[a-z]{2,}):(\d{2,5})"/gi)].map(([, host = '', port]) => ({
    domain: parseHost(host).domain ?? host,
    port: Number(port),
  }));
}

/** A pool has one template or more (`k1pool`, `k1pool-solo`) and one domain or more: the smaller number counts. */
function sharedPorts(templates: ReadonlyMap<string, string>): [port: number, templates: string][] {
  const named = [...templates].flatMap(([name, text]) => socketsOf(text).map((socket) => ({ name, ...socket })));
  return [...Map.groupBy(named, ({ port }) => port)]
    .filter(([, sockets]) => {
      const pools = new Set(sockets.map(({ name }) => name.replace(/-solo$/, '')));
      return Math.min(pools.size, new Set(sockets.map(({ domain }) => domain)).size) >= POOLS;
    })
    .map(([port, sockets]): [number, string] => [port, [...new Set(sockets.map(({ name }) => name))].sort().join(' ')])
    .sort(([a], [b]) => a - b);
}

function ownPorts(versions: ReturnType<Repository['versions']>, tells: (port: number) => boolean) {
  const seen = new Set<number>();
  const groups = versions.map(({ commit, text }): [commit: string, ports: string] => {
    const ports = new Set(socketsOf(text).map(({ port }) => port));
    const fresh = [...ports].filter((port) => tells(port) && !seen.has(port)).sort((a, b) => a - b);
    for (const port of fresh) seen.add(port);
    return [commit, fresh.join(' ')];
  });
  return Object.fromEntries(groups.filter(([, ports]) => ports !== ''));
}

/** The text of the data file: one port, or one version, a line. */
export function formatHivePorts(ports: HivePorts): string {
  return `${JSON.stringify(ports, null, 2)}\n`;
}
