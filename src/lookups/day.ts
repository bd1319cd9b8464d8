import type { LookupRow } from '../schema/lookup.ts';

const MOMENTS = ['first_seen', 'last_seen', 'expires'] as const satisfies readonly (keyof LookupRow)[];
type Days = { readonly [name in (typeof MOMENTS)[number]]?: string };

/** The UTC day `YYYY-MM-DD` of a date or of a date-time with its offset, as the schema lets them pass. */
function utcDay(text: string): string {
  if (text.length === 10) return text;
  const leapless = text
    .toUpperCase()
    .replace(' ', 'T')
    .replace(/:60(?=[.Z+-])/, ':59');
  return new Date(leapless).toISOString().slice(0, 10);
}

/** The moments a row gives, as UTC days: only those compare as text. */
export function daysOf(row: LookupRow): Days {
  return Object.fromEntries(
    MOMENTS.flatMap((name) => {
      const text = row[name];
      return text === undefined ? [] : [[name, utcDay(text)]];
    }),
  );
}
