/** Prefixes of minecanary's own indices, which no source, sweep or hunt reads. */
export const OWN_PREFIXES = ['minecanary-', 'logs-minecanary.'] as const;

export const MATCHES = 'minecanary-matches';
export const INCIDENTS = 'minecanary-incidents';
export const UNITS = 'minecanary-units';
export const ALERTS = 'logs-minecanary.alert';

const COPY = /^(?:restored-|partial-|shrink-[^-]+-|\.?reindexed-v\d+-)/;
const BACKING = /^\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6}$/;

/**
 * The name an index counts under: its data stream's, else its own without what snapshots, shrinking and reindexing
 * put before it, so that copies of an event are one event.
 */
export function homeOf(index: string): string {
  let name = index;
  while (COPY.test(name)) name = name.replace(COPY, '');
  return BACKING.exec(name)?.[1] ?? name;
}

export function isOwn(index: string): boolean {
  const home = homeOf(index);
  return OWN_PREFIXES.some((prefix) => home.startsWith(prefix));
}

/** `base-2026.11`, `base-undated`: the index of a day. */
export function monthIndex(base: string, day: string): string {
  return day === 'unknown' ? `${base}-undated` : `${base}-${day.slice(0, 7).replace('-', '.')}`;
}
