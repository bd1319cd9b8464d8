import type { CatalogueField } from './catalogue.ts';
import { type Reading, urlOf } from './reading.ts';

/** More pairs of host and path tell nothing and would fill the memory. */
const MOST_PAIRS = 10_000;

/** URLs of an event: whole ones, and paths together with the hosts that stand in other fields. */
export interface UrlPairs {
  take(reading: Reading, entry: CatalogueField): void;
  /** Each URL with the field it was read from; `host/path`. */
  finish(): Iterable<readonly [url: string, entry: CatalogueField]>;
}

export function createUrlPairs(): UrlPairs {
  const urls: [string, CatalogueField][] = [];
  const paths: [string, CatalogueField][] = [];
  const hosts = new Set<string>();
  return {
    take({ name, address, url, path }, entry) {
      const host = name ?? address;
      if (url !== undefined) urls.push([url, entry]);
      else if (path !== undefined) paths.push([path, entry]);
      else if (entry.side === 'server' && host !== undefined) hosts.add(host);
    },
    *finish() {
      yield* urls;
      if (hosts.size * paths.length > MOST_PAIRS) return;
      for (const [path, entry] of paths) for (const name of hosts) yield [urlOf({ name }, path), entry];
    },
  };
}
