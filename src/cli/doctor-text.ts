import type { Check } from '../setup/doctor/check.ts';
import { paragraph } from './paragraph.ts';

const WORDS: Readonly<Record<Check['state'], string>> = { ok: 'ok', warning: 'warning', failed: 'FAILED' };
const INDENT = 11;

/** Checks by area, each with its state, what was found and what to do, in lines of at most `width` characters. */
export function doctorText(checks: readonly Check[], width: number): string {
  const areas = [...new Set(checks.map(({ area }) => area))];
  const texts = areas.map((area) =>
    [area, ...checks.filter((check) => check.area === area).map((check) => checkText(check, width))].join('\n'),
  );
  return [...texts, summary(checks)].join('\n\n');
}

function checkText({ state, what, todo, details = [] }: Check, width: number): string {
  const head = `  ${WORDS[state].padEnd(INDENT - 4)}  `;
  const [first = '', ...rest] = paragraph(what, { width, indent: INDENT }).split('\n');
  const more = [
    ...(todo === undefined ? [] : [paragraph(`-> ${todo}`, { width, indent: INDENT, hanging: 3 })]),
    ...details.map((detail) => paragraph(detail, { width, indent: INDENT + 3, hanging: 2 })),
  ];
  return [head + first.trimStart(), ...rest, ...more].join('\n');
}

function summary(checks: readonly Check[]): string {
  const count = (state: Check['state']): number => checks.filter((check) => check.state === state).length;
  return `${count('ok')} ok, ${count('warning')} warnings, ${count('failed')} failed`;
}
