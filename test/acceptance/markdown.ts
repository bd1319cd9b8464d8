/** A table as docs/DETECTION.md has them: the first column is text, the others are numbers. */
export function markdownTable(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const ruler = titles.map((_, i) => (i === 0 ? '---' : '---:'));
  return [titles, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `part` of `all` with so many decimals; empty where there is nothing to have a share of. */
export function percent(part: number, all: number, decimals = 0): string {
  return all === 0 ? '' : `${((100 * part) / all).toFixed(decimals)} %`;
}
