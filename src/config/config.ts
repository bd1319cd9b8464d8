import type { Feed } from '../model/feed.ts';
import type { ClientPorts, Policy } from '../model/policy.ts';

export interface SourceConfig {
  readonly name: string;
  /** Indices, data streams or patterns. */
  readonly index: readonly string[];
  /** Elasticsearch query. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly tag: boolean;
  readonly timestamp: string;
  /** Catalogue field -> names the source has for it. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Absent: the event's `data_stream.namespace`. */
  readonly scope?: string;
}

/** The receiver of alerts. */
export interface WebhookConfig {
  readonly name: string;
  /** A secret as a whole, as the values of the headers are. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly min_severity: 'low' | 'medium' | 'high' | 'critical';
  readonly timeout: number;
  readonly insecure: boolean;
}

/** `interval` in milliseconds. */
export type Schedule = { readonly interval: number } | { readonly cron: string; readonly timezone: string };

/**
 * The configuration in effect, frozen. Keys are named as in the file; durations are milliseconds, paths absolute, and
 * what may be one or a list is a list. Files of secrets have been read.
 */
export interface Config {
  readonly elasticsearch: {
    /** URLs without user name and password. */
    readonly node: readonly string[];
    readonly apiKey?: string;
    readonly username?: string;
    readonly password?: string;
    readonly caFile?: string;
    readonly caFingerprint?: string;
    readonly insecure: boolean;
  };
  /** Folders. */
  readonly lookups: readonly string[];
  readonly feeds: readonly Feed[];
  /** Folder; given where there are feeds. */
  readonly feeds_folder?: string;
  readonly sources: readonly SourceConfig[];
  readonly internal_networks: readonly string[];
  readonly shared_hosts: readonly string[];
  readonly schedule: Schedule;
  readonly overlap: number;
  readonly lag: number;
  readonly horizon: number;
  readonly sweep: number;
  readonly retention: number;
  readonly learn: boolean;
  readonly lease: { readonly ttl: number };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  readonly alerts: {
    readonly min_severity: 'low' | 'medium' | 'high' | 'critical';
    readonly remind: number;
    readonly webhook?: WebhookConfig;
  };
  readonly tags: { readonly min_score: number };
  readonly ports: { readonly client: ClientPorts };
  /** Absent: neither metrics nor health are told. `listen` is `host:port`, the host of IPv6 in brackets. */
  readonly metrics?: { readonly listen: string };
  /** Absent: nothing can be imported there. `url` ends without a slash. */
  readonly kibana?: { readonly url: string };
}

/** What the matcher needs to know of the configuration, for the events of one source. */
export function policyOf(
  config: Pick<Config, 'internal_networks' | 'shared_hosts' | 'ports'>,
  source: Pick<SourceConfig, 'timestamp' | 'fields'>,
): Policy {
  const { internal_networks, shared_hosts, ports } = config;
  return { internal_networks, shared_hosts, ports, timestamp: source.timestamp, fields: source.fields };
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * All texts that must never be shown: API key, password, `user:password` as it goes over the wire, what the webhook is
 * asked with, keys of feeds and what may be one in their URLs.
 *
 * @param env holds the keys of feeds.
 */
export function secretsOf({ elasticsearch, alerts: { webhook }, feeds }: Config, env: Environment = {}): string[] {
  const { apiKey, username, password } = elasticsearch;
  return [
    ...keySecrets(apiKey),
    password,
    ...(username !== undefined && password !== undefined ? [`${username}:${password}`] : []),
    ...(webhook === undefined ? [] : [webhook.url, ...Object.values(webhook.headers).flatMap(withToken)]),
    ...(webhook === undefined ? [] : tokensOf(webhook.url)),
    ...feeds.flatMap(({ url, api_key_env: variable = '' }) => [env[variable]?.trim(), ...tokensOf(url)]),
  ].flatMap((secret) => (secret === undefined || secret === '' ? [] : [secret]));
}

/** What must not be shown of the environment, whatever becomes of the configuration. */
export function environmentSecrets(env: Environment): string[] {
  const { ELASTICSEARCH_API_KEY: apiKey, ELASTICSEARCH_PASSWORD: password } = env;
  return [...keySecrets(apiKey), ...(password === undefined ? [] : [password])];
}

/** An API key as Kibana shows it, and the `id:key` that is packed in it. */
function keySecrets(apiKey: string | undefined): string[] {
  if (apiKey === undefined) return [];
  const pair = Buffer.from(apiKey, 'base64').toString('utf8');
  const [, key] = /^[\x21-\x7e]+:([\x21-\x7e]+)$/.exec(pair) ?? [];
  return key === undefined ? [apiKey] : [apiKey, pair, key];
}

/** Parts of a URL's path that look like a token, and all values of its query. */
function tokensOf(text: string): string[] {
  const { pathname, searchParams } = new URL(text);
  const parts = pathname.split('/').filter((part) => TOKEN.test(part));
  return [...parts, ...searchParams.values()].filter(({ length }) => length >= SHORTEST_TOKEN);
}

/** Letters with digits among them, in one. */
const TOKEN = /^(?=.*\d)(?=.*[A-Za-z])[\w-]+$/;
/** What is shorter is a word, such as `json`. */
const SHORTEST_TOKEN = 12;

/** `Bearer abc`, and `abc`. */
function withToken(value: string): string[] {
  const token = value.split(' ').at(-1);
  return token === undefined || token === value ? [value] : [value, token];
}
