import type { Indicator } from '../../model/indicator.ts';
import type { Indicators } from './tables.ts';

/** What many indicators have in common, told once. */
interface Origin {
  readonly lookup: string;
  readonly confidence: Indicator['confidence'];
  readonly provider: string;
  readonly reference: string;
  readonly category?: string;
  readonly transport?: string;
}

/** Value, type, number of its origin, and what else is written of it. */
type Row = readonly [value: string, type: Indicator['type'], origin: number, more: Readonly<Record<string, unknown>>];

export interface Rows {
  readonly rows: readonly Row[];
  readonly origins: readonly (Origin & { readonly confidenceName: string })[];
  readonly numberOf: (indicator: Indicator) => number;
}

function originOf({ lookup, confidence, provider, reference, category, transport }: Indicator): Origin {
  return {
    lookup,
    confidence,
    provider,
    reference,
    ...(category !== undefined && { category }),
    ...(transport !== undefined && { transport }),
  };
}

function moreOf({ port, note, first_seen, last_seen }: Indicator): Row[3] {
  return {
    ...(port !== undefined && { port }),
    ...(note !== undefined && { description: note }),
    ...(first_seen !== undefined && { first_seen }),
    ...(last_seen !== undefined && { last_seen }),
  };
}

/** Every indicator as the ingest script writes it into a tag, numbered; what many share is told once. */
export function rowsOf(indicators: Indicators): Rows {
  const origins = new Map<string, { readonly number: number; readonly origin: Origin }>();
  const numbers = new Map<Indicator, number>();
  const rows: Row[] = [];
  for (const indicator of Object.values(indicators).flat()) {
    const origin = originOf(indicator);
    const key = JSON.stringify(origin);
    const { number } = origins.get(key) ?? { number: origins.size };
    origins.set(key, { number, origin });
    numbers.set(indicator, rows.length);
    rows.push([indicator.value, indicator.type, number, moreOf(indicator)]);
  }
  return {
    rows,
    origins: [...origins.values()].map(({ origin }) => ({ ...origin, confidenceName: capital(origin.confidence) })),
    numberOf: (indicator) => numbers.get(indicator) ?? -1,
  };
}

/** Number of indicators of each lookup. */
export function countRows({ rows, origins }: Pick<Rows, 'rows' | 'origins'>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, , origin] of rows) {
    const lookup = origins[origin]?.lookup ?? '';
    counts[lookup] = (counts[lookup] ?? 0) + 1;
  }
  return counts;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
