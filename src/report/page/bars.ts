import { type ComponentChild, h } from 'preact';
import type { Count } from '../../model/incident.ts';
import { number, shown } from './text.ts';

export interface BarTableProps {
  readonly caption: string;
  /** What is counted by: the title of the first column. */
  readonly of: string;
  readonly counts: readonly Count[];
}

/** Events by value: a table whose rows are bars too. */
export function BarTable({ caption, of, counts }: BarTableProps): ComponentChild {
  const most = counts.reduce((max, { count }) => Math.max(max, count), 1);
  return h(
    'figure',
    null,
    h(
      'table',
      null,
      h('caption', null, caption),
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          h('th', { scope: 'col' }, of),
          h('th', { scope: 'col', class: 'right' }, 'events'),
          h('td', { class: 'share' }),
        ),
      ),
      h(
        'tbody',
        null,
        counts.map(({ name, count }) =>
          h(
            'tr',
            null,
            h('th', { scope: 'row' }, h(Name, { text: name })),
            h('td', { class: 'right' }, number(count)),
            h('td', { class: 'share' }, h(Share, { share: count / most })),
          ),
        ),
      ),
    ),
  );
}

/** A name that may break behind its dots and dashes. */
function Name({ text }: { readonly text: string }): ComponentChild {
  const parts = shown(text, 80).split(/(?<=[._/-])/);
  return h(
    'bdi',
    null,
    parts.map((part, i) => (i === 0 ? part : [h('wbr', null), part])),
  );
}

function Share({ share }: { readonly share: number }): ComponentChild {
  return h(
    'svg',
    { viewBox: '0 0 100 1', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('rect', { class: 'bar', width: round(Math.max(0.5, share * 100)), height: 1 }),
  );
}

/** To what can be seen in a drawing. */
export function round(units: number): number {
  return Math.round(units * 100) / 100;
}
