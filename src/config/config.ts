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
  readonly alerts: {
    readonly min_severity: 'low' | 'medium' | 'high' | 'critical';
    readonly remind: number;
    readonly webhook?: WebhookConfig;
  };
  readonly tags: { readonly min_score: number };
  readonly ports: { readonly client: ClientPorts };
  /** Absent: neither metrics nor health are told. `listen` is `host:port`, the host of IPv6 in brackets. */
  readonly metrics?: { readonly listen: string };
}

/** What the matcher needs to know of the configuration, for the events of one source. */
export function policyOf(
  config: Pick<Config, 'internal_networks' | 'shared_hosts' | 'ports'>,
  source: Pick<SourceConfig, 'timestamp' | 'fields'>,
): Policy {
  const { internal_networks, shared_hosts, ports } = config;
  return { internal_networks, shared_hosts, ports, timestamp: source.timestamp, fields: source.fields };
}

/**
 * All texts that must never be shown: API key, password, `user:password` as it goes over the wire, and what the webhook
 * is asked with.
 */
export function secretsOf({ elasticsearch: { apiKey, username, password }, alerts: { webhook } }: Config): string[] {
  const pair = username !== undefined && password !== undefined ? [`${username}:${password}`] : [];
  const asked = webhook === undefined ? [] : [webhook.url, ...Object.values(webhook.headers).flatMap(withToken)];
  return [apiKey, password, ...pair, ...asked].filter((secret) => secret !== undefined);
}

/** `Bearer abc`, and `abc`. */
function withToken(value: string): string[] {
  const token = value.split(' ').at(-1);
  return token === undefined || token === value ? [value] : [value, token];
}
