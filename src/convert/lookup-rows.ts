import type { Lookup } from '../lookups/parse.ts';
import { type Indicator, indicatorName, type LookupKind } from '../model/indicator.ts';

const keyword = { type: 'keyword', ignore_above: 8191 } as const;

/**
 * Fields of a lookup-mode index, under `indicator`. A join brings them all into the rows of a query, where a field of the
 * same name would be replaced: events have no field `indicator`. A join compares the key of its kind: `port`, `domain`,
 * `ip` or `process`.
 */
export const lookupFields = {
  port: { type: 'long' },
  domain: keyword,
  ip: { type: 'ip' },
  process: keyword,
  name: keyword,
  kind: keyword,
  lookup: keyword,
  confidence: keyword,
  category: keyword,
  provider: keyword,
  reference: keyword,
  note: keyword,
  expires: { type: 'date' },
} as const;

/** What a row is joined by; undefined where no comparison of whole values finds it. */
function keyOf({ kind, value, port }: Indicator): Readonly<Record<string, string | number>> | undefined {
  switch (kind) {
    case 'port':
      return { port: Number(value) };
    case 'domain':
      return { domain: value };
    case 'address':
      return value.includes('/') ? undefined : { ip: value };
    case 'socket':
      return value.includes('/') || port === undefined ? undefined : { ip: value, port };
    case 'process':
      return { process: value };
    case 'url':
    case 'command-line':
    case 'user-agent':
    case 'signature':
    case 'payload':
      return undefined;
  }
}

/** Kinds whose rows a join can find. */
export const JOINED_KINDS: readonly LookupKind[] = ['port', 'domain', 'address', 'process'];

export interface LookupDocument {
  readonly indicator: Readonly<Record<string, string | number>>;
}

/** A document a row of those that a join can find; networks are left out. */
export function lookupDocuments({ indicators }: Lookup): LookupDocument[] {
  return indicators.flatMap((row) => {
    const key = keyOf(row);
    if (key === undefined) return [];
    const { kind, lookup, confidence, category, provider, reference, note, expires } = row;
    const about = { name: indicatorName(row), kind, lookup, confidence, category, provider, reference, note };
    const told = Object.fromEntries(Object.entries(about).filter(([, text]) => text !== undefined));
    // A row counts up to the end of the day it expires on.
    const until = expires === undefined ? {} : { expires: `${expires}T23:59:59.999Z` };
    return [{ indicator: { ...key, ...(told as Record<string, string>), ...until } }];
  });
}
