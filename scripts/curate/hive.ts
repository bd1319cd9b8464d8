import { parse as parseHost } from 'tldts';

/** A git repository of pool templates, a JSON file a pool, as its history has them. */
export interface Repository {
  /** The newest. */
  readonly commit: string;
  /** YYYY-MM-DD, of that commit. */
  readonly date: string;
  /** Texts of that commit's templates, by name. */
  readonly newest: ReadonlyMap<string, string>;
  /** All versions of every template there ever was, by name, the newest first. */
  readonly versions: ReadonlyMap<string, readonly Version[]>;
}

interface Version {
  readonly commit: string;
  readonly text: string;
}

/** What the templates say of ports and hosts. Its keys are written in this order. */
export interface HiveFacts {
  readonly origin: string;
  readonly licence: string;
  readonly commit: string;
  readonly date: string;
  /** By port: the templates of the newest commit that name it, with spaces, where they are of four pools or more. */
  readonly shared: Readonly<Record<string, string>>;
  /** By pool and by the newest commit that names them: the ports it has or had, with spaces. */
  readonly own: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By template: names of the newest commit that no template before it has, with spaces. */
  readonly names: Readonly<Record<string, string>>;
  /** By template and by the newest commit that has them: names that no template of the newest commit has. */
  readonly past: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What curation knows besides. */
export interface Knowledge {
  /** Whether a port says anything; the others are left out. */
  readonly tells: (port: number) => boolean;
  /** Whether people visit a site of that registered domain without mining. */
  readonly isSite: (domain: string) => boolean;
}

/**
 * From so many pools on, a port is no chance: the templates name 2,047 ports from 3000 to 9999, and drawn at random they
 * would agree by fours on two ports (by threes on 24, by twos on 247); they do on 58 (128, 337).
 */
const POOLS = 4;

/** Pools of many coins that give each coin or algorithm a port of its own. */
const OWN: readonly string[] = ['2miners', 'antpool', 'f2pool', 'miningpoolhub', 'nanopool', 'nicehash', 'prohashing'];

export function hiveFacts({ commit, date, newest, versions }: Repository, { tells, isSite }: Knowledge): HiveFacts {
  const today = new Map([...newest].sort(([a], [b]) => (a < b ? -1 : 1)));
  const names = nameTaker(isSite);
  return {
    origin: 'https://github.com/minershive/hive-pooltemplates',
    licence: 'none named; facts only',
    commit,
    date,
    shared: Object.fromEntries(sharedPorts(today).filter(([port]) => tells(port))),
    own: Object.fromEntries(OWN.map((name) => [name, ownPorts(versions.get(name) ?? [], tells)])),
    names: filled([...today].map(([name, text]) => [name, names(text)])),
    past: Object.fromEntries(
      [...versions]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, all]): [string, Record<string, string>] => [
          name,
          filled(all.map((version) => [version.commit, names(version.text)])),
        ])
        .filter(([, all]) => Object.keys(all).length > 0),
    ),
  };
}

/** Without the keys under which there is nothing. */
function filled(entries: readonly (readonly [key: string, text: string])[]): Record<string, string> {
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

interface Socket {
  readonly host: string;
  /** The registered domain; the host itself where there is none. */
  readonly domain: string;
  readonly port: number;
}

/** Every `host:port` of a template, with or without a scheme. Older versions are no valid JSON, so it is read as text. */
function socketsOf(text: string): Socket[] {
  return [...text.matchAll(/"(?:[a-z\d+]+:\/\/)?([\w.-]+\.[a-z]{2,}):(\d{2,5})\s*"/gi)].map(([, name = '', port]) => {
    const host = name.toLowerCase();
    return { host, domain: parseHost(host, { allowPrivateDomains: true }).domain ?? host, port: Number(port) };
  });
}

/** Takes the names of a text that were in none before. */
function nameTaker(isSite: (domain: string) => boolean): (text: string) => string {
  const seen = new Set<string>();
  return (text) => {
    const names = new Set(socketsOf(text).flatMap((socket) => nameOf(socket, isSite)));
    const fresh = [...names].filter((name) => !seen.has(name)).sort();
    for (const name of fresh) seen.add(name);
    return fresh.join(' ');
  };
}

/**
 * What stands for a host: its registered domain where the name says that it is a pool's, unless its site serves others
 * too; else what is one label below that domain, as `eu.nicehash.com` for `x11.eu.nicehash.com`.
 */
function nameOf({ host, domain }: Socket, isSite: (domain: string) => boolean): string[] {
  if (parseHost(host).isIcann !== true) return [];
  if (isSite(domain)) return host === domain ? [] : [below(host, domain)];
  return [/pool|mine|mining/.test(domain) ? domain : below(host, domain)];
}

function below(host: string, domain: string): string {
  const labels = host.slice(0, -domain.length - 1).split('.');
  return host === domain ? host : `${labels.at(-1)}.${domain}`;
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

function ownPorts(versions: readonly Version[], tells: (port: number) => boolean): Record<string, string> {
  const seen = new Set<number>();
  return filled(
    versions.map(({ commit, text }) => {
      const ports = new Set(socketsOf(text).map(({ port }) => port));
      const fresh = [...ports].filter((port) => tells(port) && !seen.has(port)).sort((a, b) => a - b);
      for (const port of fresh) seen.add(port);
      return [commit, fresh.join(' ')];
    }),
  );
}

/** The text of the data file: one port, one version, or one template a line. */
export function formatHiveFacts(facts: HiveFacts): string {
  return `${JSON.stringify(facts, null, 2)}\n`;
}
