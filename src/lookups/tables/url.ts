import type { Indicator } from '../../model/indicator.ts';
import { suffixes } from '../name.ts';
import { groupBy, NONE, type Table } from './table.ts';

/** The host of a URL in normal form, `host/path`. */
export function urlHost(url: string): string {
  return url.slice(0, url.indexOf('/'));
}

/** Finds `host/path` by the host, or a parent of it, and the beginning of the path. */
export function urlTable(indicators: readonly Indicator[]): Table {
  const byHost = groupBy(indicators, ({ value }) => urlHost(value));
  return {
    indicators,
    find(value) {
      if (byHost.size === 0) return NONE;
      const host = urlHost(value);
      const path = value.slice(host.length);
      const found: Indicator[] = [];
      for (const suffix of suffixes(host)) {
        for (const indicator of byHost.get(suffix) ?? NONE) {
          if (path.startsWith(indicator.value.slice(suffix.length))) found.push(indicator);
        }
      }
      return found;
    },
  };
}
