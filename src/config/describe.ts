import { formatDuration } from '../model/duration.ts';
import type { Config } from './config.ts';
import { isObject, LEAVES } from './layer.ts';

const SECRETS = LEAVES.filter(({ path, schema }) => schema['x-secret'] === true && path.at(-1) !== 'node').map(key);
const DURATIONS = LEAVES.filter(({ schema }) => String(schema.format).endsWith('duration')).map(key);

function key({ path }: { readonly path: readonly string[] }): string {
  return path.join('.');
}

/** The configuration for showing: secrets are `(set)`, durations are texts. */
export function shownConfig(config: Config): Record<string, unknown> {
  return shown(config, []) as Record<string, unknown>;
}

/** The same as plain lines, `alerts.remind: 7d`. */
export function describeConfig(config: Config): string {
  return `${linesOf(shownConfig(config), []).join('\n')}\n`;
}

function shown(value: unknown, path: readonly string[]): unknown {
  const dotted = path.join('.');
  if (SECRETS.includes(dotted)) return '(set)';
  if (DURATIONS.includes(dotted) && typeof value === 'number') return formatDuration(value);
  if (dotted === 'feeds' && Array.isArray(value)) return value.map(shownFeed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, shown(own, [...path, name])]));
}

/** Path and query of a URL may hold a secret. */
function shownFeed(feed: Config['feeds'][number]): Record<string, unknown> {
  const { url, every, timeout, expires, ...rest } = feed;
  const lifetime = expires === undefined ? {} : { expires: formatDuration(expires) };
  const times = { every: formatDuration(every), timeout: formatDuration(timeout), ...lifetime };
  return { ...rest, url: url.replace(/^(https?:\/\/[^/?#]+)[/?#].+$/, '$1/(set)'), ...times };
}

/** Lists and queries stay on one line as JSON; sources and feeds get a line a key. */
function linesOf(value: unknown, path: readonly string[]): string[] {
  const dotted = path.join('.');
  if (['sources', 'feeds'].includes(dotted) && Array.isArray(value) && value.length > 0) {
    return value.flatMap((item, index) =>
      Object.entries(item as object).map(([name, own]) => `${dotted}[${index}].${name}: ${line(own)}`),
    );
  }
  if (!isObject(value)) return [`${dotted}: ${line(value)}`];
  return Object.entries(value).flatMap(([name, own]) => linesOf(own, [...path, name]));
}

function line(value: unknown): string {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) ? value : JSON.stringify(value);
}
