import type { Indicator } from '../../model/indicator.ts';
import type { Exported } from './exported.ts';

/** In the order of the columns. Lists stand as JSON. */
const COLUMNS: readonly (readonly [name: string, of: (row: Indicator) => string | undefined])[] = [
  ['value', ({ value }) => value],
  ['port', ({ port }) => port?.toString()],
  ['type', ({ type }) => type],
  ['kind', ({ kind }) => kind],
  ['lookup', ({ lookup }) => lookup],
  ['confidence', ({ confidence }) => confidence],
  ['category', ({ category }) => category],
  ['provider', ({ provider }) => provider],
  ['licence', ({ licence }) => licence],
  ['reference', ({ reference }) => reference],
  ['note', ({ note }) => note],
  ['first_seen', (row) => row.first_seen],
  ['last_seen', (row) => row.last_seen],
  ['expires', ({ expires }) => expires],
  ['transport', ({ transport }) => transport],
  ['excludes', ({ excludes }) => excludes && JSON.stringify(excludes)],
  ['params', ({ params }) => params && JSON.stringify(params)],
];

/** What spreadsheets take for the beginning of a formula, also behind blanks, and in full width. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/;

/** A cell that no spreadsheet reckons: with an apostrophe before what would begin a formula, in quotes. */
function cell(text: string): string {
  const safe = FORMULA.test(text) || text.startsWith("'") ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** RFC 4180 with a head line, every cell in quotes. It says all that a row has. */
export function toCsv(rows: readonly Indicator[]): Exported {
  const lines = [
    COLUMNS.map(([name]) => cell(name)).join(','),
    ...rows.map((row) => COLUMNS.map(([, of]) => cell(of(row) ?? '')).join(',')),
  ];
  return { text: lines.map((line) => `${line}\r\n`).join(''), rows: rows.length, left_out: [], unsaid: [] };
}
