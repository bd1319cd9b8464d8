import { readFileSync } from 'node:fs';
import { type Role, rolesFor } from '../../src/setup/roles.ts';

const PAGE = 'docs/OPERATIONS.md';
const [BEGIN, END] = ['<!-- Generated from src/setup/roles.ts. -->', '<!-- End. -->'];
/** Stand for the names that a configuration gives. */
const [TAGGED, READ, JOINED] = ['tagged', 'read', 'joined'];
const WORDS: Readonly<Record<string, string>> = {
  [`${TAGGED}, ${READ}`]: 'the sources',
  [TAGGED]: 'the sources that are tagged',
  [JOINED]: 'the indices of lookups',
};

/** docs/OPERATIONS.md, its table of privileges as `rolesFor` has them. */
export function operationsPage(): string {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const [, after = ''] = rest.split(END);
  if (after === '') throw new Error(`${PAGE} has lost the marks of its table of privileges.`);
  return `${before}${BEGIN}\n\n${privilegesTable()}\n\n${END}${after}`;
}

function privilegesTable(): string {
  const sources = [
    { index: [TAGGED], tag: true },
    { index: [READ], tag: false },
  ];
  const rows = Object.entries(rolesFor(sources, [JOINED])).flatMap(([name, role]) => rowsOf(name, role));
  return ['| role | on | privileges |', '| --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(role: string, { cluster, indices }: Role): string[] {
  const blocks = [
    ...(cluster.length === 0 ? [] : [['the cluster', cluster] as const]),
    ...indices.map(({ names, privileges }) => [wordsOf(names), privileges] as const),
  ];
  return blocks.map(([on, privileges], i) => `| ${i === 0 ? `\`${role}\`` : ''} | ${on} | ${quoted(privileges)} |`);
}

/** The sources stand first in every list of names that has more. */
function wordsOf(names: readonly string[]): string {
  const [first = '', second = '', ...more] = names;
  const both = WORDS[`${first}, ${second}`];
  if (both !== undefined) return more.length === 0 ? both : `${both}, ${quoted(more)}`;
  return names.length === 1 && WORDS[first] !== undefined ? WORDS[first] : quoted(names);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
