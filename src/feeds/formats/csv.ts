import type { CsvColumn, CsvForm } from '../../model/feed.ts';
import { type Draft, FormatFault } from './draft.ts';

/** A quote that is not closed would swallow the rest of the feed. */
const LONGEST_LINE = 100_000;

/**
 * RFC 4180, with comment lines (`#`). Columns that are named are found in the first line that is no comment.
 *
 * @throws FormatFault where a named column is not there, or a quote does not end.
 */
export function readCsv(text: string, form: CsvForm): Draft[] {
  const lines = cellsOf(text, form.delimiter);
  const wanted = Object.entries(form).filter(([key]) => key !== 'delimiter') as [string, CsvColumn][];
  const named = wanted.some(([, column]) => typeof column === 'string');
  const head = named ? (lines.shift() ?? []).map((name) => name.trim().toLowerCase()) : [];
  const places = wanted.map(([key, column]): [string, number] => [key, placeOf(column, head)]);
  return lines.map((cells) => {
    const { column = '', ...rest } = Object.fromEntries(
      places.map(([key, place]) => [key, bare(cells[place]?.trim())]),
    );
    const given = Object.fromEntries(Object.entries(rest).filter(([, cell]) => cell !== undefined && cell !== ''));
    return { value: column, type: undefined, labels: cells, ...given };
  });
}

/** Without the apostrophe that a careful writer puts before what a spreadsheet would reckon. */
function bare(cell: string | undefined): string | undefined {
  return cell?.replace(/^'(?=\s*['=+\-@\uff1d\uff0b\uff0d\uff20])/, '');
}

function placeOf(column: CsvColumn, head: readonly string[]): number {
  if (typeof column === 'number') return column - 1;
  const place = head.indexOf(column.trim().toLowerCase());
  if (place >= 0) return place;
  throw new FormatFault(`it has no column "${column}": its first line may have changed`);
}

function cellsOf(text: string, delimiter: string): string[][] {
  const lines: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const first = text.slice(at, endOfLine(text, at)).trimStart();
    const cells: string[] = [];
    if (first !== '' && !first.startsWith('#')) {
      at = readLine(text, at, delimiter, cells);
      lines.push(cells);
    }
    at = endOfLine(text, at) + 1;
  }
  return lines;
}

/** Reads one line's cells into `cells`. What stands between a closing quote and the delimiter ends the line. */
function readLine(text: string, start: number, delimiter: string, cells: string[]): number {
  for (let at = start; ; at += 1) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, delimiter);
    cells.push(cell.text);
    at = cell.end;
    if (text[at] !== delimiter) return at;
  }
}

interface Cell {
  readonly text: string;
  readonly end: number;
}

function plainCell(text: string, start: number, delimiter: string): Cell {
  const line = endOfLine(text, start);
  const next = text.indexOf(delimiter, start);
  const end = next < 0 || next > line ? line : next;
  return { text: text.slice(start, end).replace(/\r$/, ''), end };
}

function quotedCell(text: string, start: number): Cell {
  for (let at = start + 1; at < Math.min(text.length, start + LONGEST_LINE); at += 1) {
    if (text[at] !== '"') continue;
    if (text[at + 1] === '"') at += 1;
    else return { text: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  throw new FormatFault('a quote in it does not end');
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
