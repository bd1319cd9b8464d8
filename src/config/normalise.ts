import { parseDuration } from '../model/duration.ts';
import type { Feed } from '../model/feed.ts';
import type { ConfigFile, SourceFile } from '../schema/config.ts';
import type { WebhookFile } from '../schema/config-webhook.ts';
import type { FeedFile } from '../schema/feed.ts';
import type { Config, Schedule, SourceConfig, WebhookConfig } from './config.ts';

/** A configuration that has passed the schema, in the form the program uses, frozen. */
export function normalise(file: ConfigFile, shippedLookups: string): Config {
  const { apiKey, username, password, caFile, caFingerprint, insecure } = file.elasticsearch;
  return freeze({
    elasticsearch: {
      node: [file.elasticsearch.node].flat().map(withoutSlash),
      ...present({ apiKey, username, password, caFile, caFingerprint }),
      insecure,
    },
    lookups: file.lookups ?? [shippedLookups],
    feeds: file.feeds.map(feedOf),
    ...present({ feeds_folder: file.feeds_folder }),
    sources: file.sources.map(sourceOf),
    internal_networks: file.internal_networks,
    shared_hosts: file.shared_hosts,
    schedule: scheduleOf(file.schedule),
    overlap: milliseconds(file.overlap),
    lag: milliseconds(file.lag),
    horizon: milliseconds(file.horizon),
    sweep: milliseconds(file.sweep),
    retention: milliseconds(file.retention),
    learn: file.learn,
    lease: { ttl: milliseconds(file.lease.ttl) },
    log: file.log,
    alerts: alertsOf(file.alerts),
    tags: file.tags,
    ports: file.ports,
    ...(file.metrics === undefined ? {} : { metrics: { listen: listenOf(file.metrics.listen) } }),
    ...(file.kibana === undefined ? {} : { kibana: { url: withoutSlash(file.kibana.url) } }),
  });
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function sourceOf({ name, index, query, tag, timestamp, fields, scope }: SourceFile): SourceConfig {
  const names = Object.entries(fields).map(([field, own]): [string, readonly string[]] => [field, [own].flat()]);
  return {
    name,
    index: [index].flat(),
    tag,
    timestamp,
    fields: Object.fromEntries(names),
    ...present({ query, scope }),
  };
}

function feedOf({ every, timeout, expires, ...rest }: FeedFile): Feed {
  const lifetime = expires === undefined ? {} : { expires: milliseconds(expires) };
  return { ...rest, every: milliseconds(every), timeout: milliseconds(timeout), ...lifetime };
}

function alertsOf({ min_severity, remind, webhook }: ConfigFile['alerts']): Config['alerts'] {
  return {
    min_severity,
    remind: milliseconds(remind),
    ...(webhook === undefined ? {} : { webhook: webhookOf(webhook) }),
  };
}

function webhookOf({ headers, timeout, ...rest }: WebhookFile): WebhookConfig {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...rest, headers: Object.fromEntries(named) as WebhookConfig['headers'], timeout: milliseconds(timeout) };
}

/** A port alone is one of this machine. */
function listenOf(listen: string | number): string {
  const text = String(listen);
  return text.includes(':') ? text : `127.0.0.1:${text}`;
}

function scheduleOf({ interval, cron, timezone = 'UTC' }: ConfigFile['schedule']): Schedule {
  return cron === undefined ? { interval: milliseconds(interval ?? '') } : { cron, timezone };
}

/** The schema has let through nothing else than durations. */
function milliseconds(text: string): number {
  return parseDuration(text) ?? 0;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the keys that are undefined. */
function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(Object.entries(value).filter(([, own]) => own !== undefined)) as Present<T>;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const own of Object.values(value)) freeze(own);
  return Object.freeze(value);
}
