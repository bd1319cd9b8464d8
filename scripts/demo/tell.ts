import { styleText } from 'node:util';
import { formatTable } from '../../src/cli/table.ts';
import { SPAN_MS } from './sample.ts';
import type { Shown, SourceCount, Story, StoryIncident } from './story.ts';

type Style = Parameters<typeof styleText>[0];

/** Where nothing says how wide the page is. */
const WIDTH = 110;
const WIDEST = 140;
const INDENT = '  ';
const STYLES: Readonly<Record<string, Style>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
};

/** Colours on a terminal, and never where NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  return process.env['NO_COLOR'] ? text : styleText(style, text, { stream: process.stdout });
}

export function heading(text: string): string {
  return `\n${paint('bold', text)}`;
}

export function number(value: number): string {
  return value.toLocaleString('en');
}

/** `one incident`, `2 incidents`. */
export function several(count: number, word: string): string {
  return count === 1 ? `one ${word}` : `${number(count)} ${word}s`;
}

/** `23 November 04:20 to 24 November 04:20 UTC` of the day before `end`. */
export function dayBefore(end: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  });
  const words = (date: Date): string => format.format(date).replace(' at ', ' ').replace(',', '');
  return `${words(new Date(end.getTime() - SPAN_MS))} to ${words(end)} UTC`;
}

/** The story as lines: data sources, incidents, one tagged event and one alert in full. */
export function storyText({ sources, incidents, alerts, event, alert }: Story): string {
  const severe = incidents.filter(({ severity }) => severity !== 'none');
  return [
    heading('What was tagged'),
    sourceTable(sources),
    heading(`What it amounts to: ${several(incidents.length, 'incident')}, ${several(alerts, 'alert')}`),
    ...severe.map(incidentText),
    ...(severe.length === incidents.length ? [] : [withoutSeverity(incidents.length - severe.length)]),
    ...(event === undefined ? [] : [heading('A tagged event in full'), jsonText(event)]),
    ...(alert === undefined ? [] : [heading('An alert in full'), jsonText(alert)]),
  ].join('\n');
}

function sourceTable(sources: readonly SourceCount[]): string {
  const sum = (of: (one: SourceCount) => number): string => number(sources.reduce((all, one) => all + of(one), 0));
  const columns = [
    { title: 'data source' },
    { title: 'events', align: 'right' },
    { title: 'tagged', align: 'right' },
  ] as const;
  const rows = sources.map(({ source, events, tagged }) => [
    source.replaceAll('_', ' '),
    number(events),
    number(tagged),
  ]);
  const total = ['all', sum(({ events }) => events), sum(({ tagged }) => tagged)];
  return indented(formatTable(columns, [...rows, total], Infinity));
}

function incidentText({ severity, score, reason }: StoryIncident): string {
  const head = `${INDENT}${severity.padEnd(8)} ${String(score).padStart(2)}  `;
  const lines = wrap(reason, pageWidth() - head.length);
  const painted = `${INDENT}${paint(STYLES[severity] ?? 'reset', severity.padEnd(8))} ${head.slice(-4)}`;
  return lines.map((line, i) => (i === 0 ? painted : ' '.repeat(head.length)) + line).join('\n');
}

function withoutSeverity(count: number): string {
  return paint(
    'dim',
    `${INDENT}and ${count} without severity: a port alone is weak evidence, which tags and raises no alert`,
  );
}

function jsonText({ where, document }: Shown): string {
  return `${paint('dim', INDENT + where)}\n${indented(JSON.stringify(document, null, 2))}`;
}

export function indented(text: string): string {
  return text.replaceAll(/^/gm, INDENT);
}

function pageWidth(): number {
  return Math.min(process.stdout.columns ?? WIDTH, WIDEST);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
