import type { ExplainedMatch, Explanation, Verdict } from '../matcher/explain.ts';
import type { NearMiss } from '../matcher/near-miss/near-miss.ts';
import { indicatorName } from '../model/indicator.ts';
import { FAMILIES } from '../model/match.ts';
import { SEVERITY_FLOOR } from '../model/severity.ts';
import { parseTime } from '../model/time.ts';
import { paragraph } from './paragraph.ts';
import { formatTable } from './table.ts';
import type { Zone } from './zone.ts';

/** Where the event lies, and which source's settings it was read by. */
export type About = (
  | { readonly file: string; readonly line: number }
  | { readonly index: string; readonly id: string }
) & {
  readonly source?: string;
};

/** Width where nobody looks: a report is read in a mail or a ticket too. */
const WIDTH = 80;
/** A value is shown up to here; `--json` has more of it. */
const LONGEST = 200;
const MARGIN = '  ';
/** Observables that are shown; `--json` has all. */
const MOST_SHOWN = 200;

export interface ExplanationShape {
  readonly zone: Zone;
  /** Of the terminal, if it is one. */
  readonly columns: number | undefined;
}

/** An explanation for people. */
export function explanationText(about: About, explanation: Explanation, { zone, columns }: ExplanationShape): string {
  const width = columns ?? WIDTH;
  const at = 'file' in about ? `${about.file}:${about.line}` : `${about.index}/${about.id}`;
  const { matches, near_misses: misses } = explanation;
  const title = `${at}${about.source === undefined ? '' : ` (source ${about.source})`}: ${headline(explanation)}`;
  return [
    paragraph(title, { width }),
    observablesText(explanation, columns ?? Infinity),
    ...(matches.length === 0
      ? []
      : [
          section(
            'matches',
            matches.map((match) => matchText(match, width)),
          ),
        ]),
    ...(misses.length === 0 ? [] : [section('near misses', missTexts(explanation, width))]),
    ...(explanation.verdict === undefined ? [] : [section('score', scoreTexts(explanation.verdict, width))]),
    circumstancesText(explanation, width, zone),
  ].join('\n\n');
}

function section(title: string, parts: readonly string[]): string {
  return [title, ...parts].join('\n');
}

function headline({ verdict, matches, excepted }: Explanation): string {
  if (verdict === undefined) return 'no match';
  const count = `${matches.length} ${matches.length === 1 ? 'match' : 'matches'}`;
  const found = `${count}, score ${verdict.score}, severity ${verdict.severity}`;
  return excepted === undefined ? found : `${found}; does not count, as all of it is excepted: ${excepted}`;
}

function observablesText({ observables }: Explanation, width: number): string {
  if (observables.length === 0) return 'observables\n  none: no field of docs/FIELDS.md holds a value';
  const rows = observables.slice(0, MOST_SHOWN).map(({ kind, side, field, value }) => {
    return [kind, side === 'none' ? '-' : side, field, short(value)];
  });
  const titles = [{ title: 'kind' }, { title: 'side' }, { title: 'field', least: 16 }, { title: 'value', least: 16 }];
  const more = observables.length - rows.length;
  const table = formatTable(titles, rows, width - MARGIN.length).replace(/^/gm, MARGIN);
  return section('observables', [table, ...(more > 0 ? [`${MARGIN}and ${more} more; --json lists all`] : [])]);
}

function matchText(
  { observable, indicator, why, steps, points, family, answerTo }: ExplainedMatch,
  width: number,
): string {
  const { kind, value, field, side } = observable;
  const where = side === 'none' ? field : `${field}, ${side} side`;
  const { lookup, provider, confidence, category, first_seen: first, last_seen: last, expires, reference } = indicator;
  const origin = [
    `lookup ${lookup}`,
    provider,
    `confidence ${confidence}`,
    ...(category === undefined ? [] : [category]),
    ...(first === undefined ? [] : [`first seen ${first}`]),
    ...(last === undefined ? [] : [`last seen ${last}`]),
    ...(expires === undefined ? [] : [`counts up to ${expires}`]),
  ];
  const product = steps.map(({ number, why: reason }) => `${number} (${reason})`).join(' × ');
  return [
    paragraph(`${kind} ${quoted(value)} in ${where}`, { width, indent: 2 }),
    paragraph(answerTo === undefined ? why : `it was the answer to ${answerTo}`, { width, indent: 4 }),
    paragraph(origin.join(', '), { width, indent: 4 }),
    paragraph(reference, { width, indent: 4 }),
    paragraph(`${product} = ${points} for the family ${family}`, { width, indent: 4, hanging: 2 }),
  ].join('\n');
}

function missTexts({ near_misses: misses, left_out: leftOut }: Explanation, width: number): string[] {
  const texts = misses.map(({ value, field, why, indicator }: NearMiss) => {
    const row = indicator === undefined ? '' : ` (${quoted(indicatorName(indicator))} of ${indicator.lookup})`;
    return paragraph(`${quoted(value)} in ${field}: ${why}${row}`, { width, indent: 2, hanging: 2 });
  });
  return leftOut === 0 ? texts : [...texts, `${MARGIN}and ${leftOut} more`];
}

function scoreTexts({ points, fused, cap, capWhy, score, severity }: Verdict, width: number): string[] {
  const counted = FAMILIES.filter((family) => points[family] > 0);
  const doubts = counted.map((family) => rounded(1 - points[family] / 100)).join(' × ');
  const lines: [string, string][] = [
    ...counted.map((family): [string, string] => [family, `${points[family]}, its best match`]),
    ['fused', `100 × (1 − ${doubts === '' ? '1' : doubts}) = ${rounded(fused)}`],
    ['at most', `${cap}: ${capWhy}`],
    ['score', `${score}, severity ${severity}, which begins at ${SEVERITY_FLOOR[severity]}`],
  ];
  return lines.map(([name, text]) => told(MARGIN + name, text, width));
}

function circumstancesText(
  { entity, direction, denied, time, dataset, tag, lookups }: Explanation,
  width: number,
  zone: Zone,
): string {
  const shared = entity.shared ? ', shared: nothing is fused' : '';
  const lines: [string, string][] = [
    ['entity', `${short(entity.name)} (${entity.type}, scope ${entity.scope}${shared}): ${entity.why}`],
    ['direction', `${direction.is}: ${direction.why}`],
    ['denied', `${denied.is ? 'yes' : 'no'}: ${denied.why}`],
    ['time', time.is === undefined ? `undated: ${time.why}` : `${zone.exact(time.is)} ${zone.name}: ${time.why}`],
    ['dataset', dataset],
    ['lookups', `digest ${lookups}`],
  ];
  if (tag !== undefined) {
    const { stage = 'unknown', score = 'none', tagged } = tag;
    const at =
      parseTime(tagged) === undefined ? (tagged ?? 'an unknown time') : `${zone.exact(tagged ?? '')} ${zone.name}`;
    const under = tag.lookups === lookups ? 'these lookups' : `other lookups (${tag.lookups ?? 'unknown'})`;
    lines.push(['tag', `by ${stage} at ${at}, score ${score}, under ${under}; it is no evidence`]);
  }
  return lines.map(([name, text]) => told(name, text, width)).join('\n');
}

const NAME_WIDTH = 11;

/** A name and what is told of it, beside each other. */
function told(name: string, text: string, width: number): string {
  const body = paragraph(text, { width, indent: NAME_WIDTH });
  return name.padEnd(NAME_WIDTH) + body.slice(NAME_WIDTH);
}

function rounded(number: number): string {
  return String(Number(number.toFixed(4)));
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function quoted(text: string): string {
  return /\s/.test(text) || text === '' ? `"${short(text)}"` : short(text);
}
