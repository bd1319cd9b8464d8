import { type ComponentChild, h } from 'preact';
import type { NearMissFacts } from '../facts.ts';
import type { Report } from '../report.ts';
import { severityName } from './severities.ts';
import { headOf, ScrollTable } from './table.ts';
import { number, Outside, plainCode, several, shown } from './text.ts';

/** The indicators of most events, and what the lookups say of them. */
export function Indicators({ report: { indicators, summary } }: { readonly report: Report }): ComponentChild {
  const more = summary.distinct_indicators - indicators.length;
  return h(
    'section',
    { id: 'indicators', 'aria-labelledby': 'indicators-title' },
    h('h2', { id: 'indicators-title' }, 'Top indicators'),
    indicators.length === 0
      ? h('p', { class: 'muted' }, 'None.')
      : h(
          ScrollTable,
          { label: 'Indicators by events' },
          headOf(['indicator', 'kind', 'lookup', 'provider', 'confidence'], ['events', 'incidents'], ['highest']),
          h(
            'tbody',
            null,
            indicators.map(({ name, kind, lookup, provider, confidence, events, incidents, severity }) =>
              h(
                'tr',
                null,
                h('th', { scope: 'row' }, h(Outside, { text: name, longest: 120 })),
                h('td', { class: 'fixed' }, kind === undefined ? '–' : shown(kind, 20)),
                h('td', null, lookup === undefined ? 'learned, or listed no more' : h(Outside, { text: lookup })),
                h('td', null, provider === undefined ? '–' : h(Outside, { text: provider, longest: 80 })),
                h('td', null, confidence ?? '–'),
                h('td', { class: 'right' }, number(events)),
                h('td', { class: 'right' }, number(incidents)),
                h('td', null, h('span', { class: `badge ${severity}` }, severityName(severity))),
              ),
            ),
          ),
        ),
    more > 0 ? h('p', { class: 'note' }, `and ${several(more, 'more indicator')}`) : null,
  );
}

/** What was close to a match, or that nobody looked. */
export function NearMisses({ facts }: { readonly facts: NearMissFacts }): ComponentChild {
  return h(
    'section',
    { id: 'near-misses', 'aria-labelledby': 'near-misses-title' },
    h('h2', { id: 'near-misses-title' }, 'Near misses'),
    facts.looked ? h(Found, facts) : h('p', { class: 'muted' }, plainCode(facts.why)),
  );
}

function Found({ events, of, found, left_out: more }: Extract<NearMissFacts, { looked: true }>): ComponentChild {
  const where =
    events === of
      ? `${of === 1 ? 'the one event' : `all ${number(of)} events`} without a match`
      : `${number(events)} of ${several(of, 'event')} without a match, spread evenly over the file`;
  if (found.length === 0) return h('p', { class: 'muted' }, `None in ${where}.`);
  return [
    h('p', null, `What is close to a match and is none, in ${where}. They count for nothing.`),
    h(
      ScrollTable,
      { label: 'Near misses by events' },
      headOf(['value', 'field', 'why it is none'], ['events']),
      h(
        'tbody',
        null,
        found.map(({ value, field, why, events: count }) =>
          h(
            'tr',
            null,
            h('th', { scope: 'row' }, h(Outside, { text: value, longest: 120 })),
            h('td', { class: 'field' }, h('code', null, h(Outside, { text: field, longest: 120 }))),
            h('td', { class: 'wide' }, h(Outside, { text: why })),
            h('td', { class: 'right' }, number(count)),
          ),
        ),
      ),
    ),
    more > 0 ? h('p', { class: 'note' }, `and ${number(more)} more`) : null,
  ];
}
