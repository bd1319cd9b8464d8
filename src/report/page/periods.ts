import { type ComponentChild, h } from 'preact';
import type { Severity } from '../../model/match.ts';
import { SEVERITIES } from '../../model/severity.ts';
import type { Period } from '../totals.ts';
import { round } from './bars.ts';
import { severityName, WORST_FIRST } from './severities.ts';
import { ScrollTable } from './table.ts';
import { listing, number, several, shown } from './text.ts';

/** Units of a column in the drawing, and of its bar. */
const COLUMN = 10;
const BAR = 7;
const HEIGHT = 100;
/** Widest column, in pixels: a few days don't fill the page. */
const WIDEST = 80;

function sumOf({ incidents }: Period): number {
  return SEVERITIES.reduce((sum, severity) => sum + incidents[severity], 0);
}

/** `2026-11-24`, `2026-11`, `no date` */
export function periodName({ period }: Period): string {
  return period === 'unknown' ? 'no date' : shown(period, 10);
}

/** Incidents by day, or month, and severity: stacked columns, with the numbers in a table. */
export function PeriodChart({ periods }: { readonly periods: readonly Period[] }): ComponentChild {
  const most = periods.reduce((max, period) => Math.max(max, sumOf(period)), 1);
  const [first, last] = [periods[0], periods.at(-1)];
  const by = periods.some(({ period }) => period.length === 7 && period !== 'unknown') ? 'month' : 'day';
  const present = WORST_FIRST.filter((severity) => periods.some(({ incidents }) => incidents[severity] > 0));
  if (first === undefined || last === undefined) return null;
  return h(
    'figure',
    null,
    h('figcaption', { id: 'periods' }, `Incidents by ${by} and severity`),
    h(
      'div',
      { class: 'columns' },
      h('div', { class: 'scale', 'aria-hidden': 'true' }, h('span', null, number(most)), h('span', null, '0')),
      h(
        'svg',
        {
          role: 'img',
          'aria-label': `Columns: ${several(periods.length, by)}, at most ${several(most, 'incident')}. The numbers stand in the table below.`,
          viewBox: `0 0 ${periods.length * COLUMN} ${HEIGHT}`,
          preserveAspectRatio: 'none',
          width: periods.length * WIDEST,
        },
        periods.map((period, i) => h(PeriodColumn, { period, i, most })),
      ),
      h(
        'div',
        { class: 'ends', 'aria-hidden': 'true' },
        h('span', null, periodName(first)),
        periods.length > 1 ? h('span', null, periodName(last)) : null,
      ),
    ),
    h(Legend, { present }),
    h(
      'details',
      { class: 'numbers' },
      h('summary', null, `The numbers by ${by}`),
      h(PeriodTable, { periods, present, by }),
    ),
  );
}

function PeriodColumn({ period, i, most }: { period: Period; i: number; most: number }): ComponentChild {
  let top = HEIGHT;
  const told = WORST_FIRST.filter((severity) => period.incidents[severity] > 0);
  return h(
    'g',
    null,
    h(
      'title',
      null,
      `${periodName(period)}: ${listing(told.map((one) => `${period.incidents[one]} ${severityName(one)}`)) || 'none'}`,
    ),
    SEVERITIES.filter((severity) => period.incidents[severity] > 0).map((severity) => {
      const height = (period.incidents[severity] / most) * HEIGHT;
      top -= height;
      const x = i * COLUMN + (COLUMN - BAR) / 2;
      return h('rect', { class: severity, x, y: round(top), width: BAR, height: round(height) });
    }),
  );
}

function Legend({ present }: { readonly present: readonly Severity[] }): ComponentChild {
  return h(
    'ul',
    { class: 'legend' },
    present.map((severity) =>
      h(
        'li',
        null,
        h('svg', { viewBox: '0 0 1 1', 'aria-hidden': 'true' }, h('rect', { class: severity, width: 1, height: 1 })),
        severityName(severity),
      ),
    ),
  );
}

interface PeriodTableProps {
  readonly periods: readonly Period[];
  readonly present: readonly Severity[];
  readonly by: string;
}

function PeriodTable({ periods, present, by }: PeriodTableProps): ComponentChild {
  const head = ['all', ...present.map(severityName)].map((name) => h('th', { scope: 'col', class: 'right' }, name));
  return h(
    ScrollTable,
    { label: `Incidents by ${by} and severity` },
    h('thead', null, h('tr', null, h('th', { scope: 'col' }, by), head)),
    h(
      'tbody',
      null,
      periods.map((period) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row', class: 'fixed' }, periodName(period)),
          [sumOf(period), ...present.map((severity) => period.incidents[severity])].map((count) =>
            h('td', { class: 'right' }, number(count)),
          ),
        ),
      ),
    ),
  );
}
