import { plainText } from '../telemetry/plain.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align?: 'left' | 'right';
  /** Least width it may be cut to where the table is too wide; without it the column keeps its width. */
  readonly least?: number;
}

const GAP = '  ';

/**
 * A table as text: a line of titles, then one line a row, no line longer than `width` as long as the columns that may
 * be cut allow it. What is cut ends in `…`. Text from outside can't steer the terminal.
 *
 * @param width characters; Infinity where nothing is to be cut.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string {
  const titles = columns.map(({ title }) => title);
  const lines = [titles, ...rows].map((cells) => columns.map((_, i) => plainText(cells[i] ?? '')));
  const widths = fit(
    columns,
    columns.map((_, i) => lines.reduce((most, cells) => Math.max(most, lengthOf(cells[i] ?? '')), 0)),
    width,
  );
  return lines
    .map((cells) => {
      const padded = columns.map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align));
      return padded.join(GAP).trimEnd();
    })
    .join('\n');
}

/** Takes from the widest column that may be cut, one character at a time, until the table fits. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1)) - width;
  for (; excess > 0; excess -= 1) {
    const open = widths.map((one, i) => (one > (columns[i]?.least ?? Infinity) ? one : 0));
    const widest = Math.max(...open);
    if (widest === 0) break;
    widths[open.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, width: number, align: Column['align']): string {
  const characters = Array.from(text);
  const cut = characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
  const space = ' '.repeat(width - lengthOf(cut));
  return align === 'right' ? space + cut : cut + space;
}
