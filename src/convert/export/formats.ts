import type { Lookup } from '../../lookups/parse.ts';
import { toCsv } from './csv.ts';
import type { Exported } from './exported.ts';
import { toLogstash } from './logstash.ts';
import { toSigma } from './sigma.ts';
import { toStix } from './stix.ts';

export const EXPORT_FORMATS = ['stix', 'sigma', 'logstash', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Lookups in the words of another product. The same lookups give the same text.
 *
 * @param today YYYY-MM-DD, UTC: rows that expired before it are left out.
 */
export function exportLookups(lookups: readonly Lookup[], format: ExportFormat, today: string): Exported {
  const all = lookups.toSorted((a, b) => (a.name < b.name ? -1 : 1)).flatMap(({ indicators }) => indicators);
  const rows = all.filter(({ expires }) => expires === undefined || expires >= today);
  const updated = new Map(lookups.map((lookup) => [lookup.name, lookup.updated]));
  const updatedOf = (name: string): string => updated.get(name) ?? today;
  const exported = {
    stix: () => toStix(rows, updatedOf),
    sigma: () => toSigma(rows, updatedOf),
    logstash: () => toLogstash(rows),
    csv: () => toCsv(rows),
  }[format]();
  const expired = all.length - rows.length;
  if (expired === 0) return exported;
  return { ...exported, left_out: [{ what: 'rows that have expired', rows: expired }, ...exported.left_out] };
}
