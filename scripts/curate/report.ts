import type { LookupFile } from './files.ts';
import { RULES, type Rule, type Tally } from './tally.ts';

const EXAMPLES = 3;
const START = '<!-- counts: written by scripts/curate-lookups.ts -->';
const END = '<!-- end of counts -->';

/** What the weeding took out and what is left, as Markdown. */
export function report(files: readonly LookupFile[], tally: Tally): string {
  const rules = Object.entries(RULES).map(([rule, meaning]) => {
    const values = [...tally[rule as Rule]];
    const examples = values.slice(0, EXAMPLES).map((value) => `\`${value.replaceAll('|', '\\|')}\``);
    return `| ${rule} | ${meaning} | ${values.length} | ${examples.join(', ')} |`;
  });
  const kept = files.flatMap(({ name, rows }) => {
    const groups = Map.groupBy(rows, ({ type, port, category }) => category ?? (port === undefined ? type : 'socket'));
    return [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, members]) => {
        const counts = ['high', 'medium', 'low'].map(
          (level) => members.filter((row) => row.confidence === level).length,
        );
        return `| ${name} | ${group} | ${counts.join(' | ')} | ${members.length} |`;
      });
  });
  return [
    '| rule | takes out | values | for example |\n|---|---|---|---|',
    ...rules,
    '\n| lookup | of | high | medium | low | rows |\n|---|---|---|---|---|---|',
    ...kept,
  ].join('\n');
}

/** The README with its counts brought up to date. Throws where it has no place for them. */
export function withReport(readme: string, counts: string): string {
  const [before, rest] = readme.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined)
    throw new Error(`lookups/README.md: no place for the counts: put back "${START}" and "${END}"`);
  return `${before}${START}\n\n${counts}\n\n${END}${after}`;
}
