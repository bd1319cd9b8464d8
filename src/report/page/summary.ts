import { type ComponentChild, h } from 'preact';
import type { Severity } from '../../model/match.ts';
import type { FirstStep } from '../first-steps.ts';
import type { Report } from '../report.ts';
import type { Places } from './incident.ts';
import { severityName, WORST_FIRST } from './severities.ts';
import { listing, number, Outside, several } from './text.ts';

/** What was found, in a sentence, in numbers, and what to do first. */
export function Summary({ report, places }: { readonly report: Report; readonly places: Places }): ComponentChild {
  const { summary, first_steps: steps } = report;
  const notes = notesOn(report);
  return h(
    'section',
    { id: 'summary', 'aria-labelledby': 'summary-title' },
    h('h2', { id: 'summary-title' }, 'Summary'),
    h('p', { class: 'verdict' }, verdictOf(report)),
    h(
      'dl',
      { class: 'tiles' },
      WORST_FIRST.filter((severity) => severity !== 'none' || summary.by_severity.none > 0).map((severity) =>
        tile(severityName(severity), summary.by_severity[severity], severity),
      ),
      tile('entities', summary.entities),
      tile('events', summary.events),
      tile('alerts', alertsOf(report)),
    ),
    steps.length === 0
      ? null
      : [
          h('h3', null, 'What to do first'),
          h(
            'ol',
            { class: 'steps' },
            steps.map((step) => h(StepItem, { step, places })),
          ),
        ],
    notes.length === 0 ? null : h('p', { class: 'note' }, notes.join(' ')),
  );
}

function tile(name: string, count: number, severity?: Severity): ComponentChild {
  return h(
    'div',
    severity === undefined ? null : { class: severity },
    h('dt', null, name),
    h('dd', null, number(count)),
  );
}

function alertsOf({ summary: { alerts } }: Report): number {
  return WORST_FIRST.reduce((sum, severity) => sum + alerts[severity], 0);
}

function verdictOf({ summary, coverage }: Report): string {
  const { by_severity: by, incidents, entities } = summary;
  const open = coverage.of === 'worker' && !coverage.status.ok ? ' Not everything was gone over: see Coverage.' : '';
  if (incidents === 0) return `No evidence of cryptomining was found.${open}`;
  const who = several(entities, 'host or other entity', 'hosts and other entities');
  if (by.critical + by.high === 0) {
    return `${several(incidents, 'incident')} on ${who}, none of them above medium: no proof of mining, but worth a look.${open}`;
  }
  const worst = (['critical', 'high'] as const)
    .filter((severity) => by[severity] > 0)
    .map((severity) => `${number(by[severity])} ${severity}`);
  return `${several(incidents, 'incident')} on ${who}, ${listing(worst)}.${open}`;
}

function StepItem({ step, places }: { readonly step: FirstStep; readonly places: Places }): ComponentChild {
  if (step.of === 'coverage') return h('li', null, h(Outside, { text: step.text }));
  const { entity, severity, score, text, incident } = step;
  const name = h(Outside, { text: entity, longest: 100 });
  const place = places.get(incident);
  return h(
    'li',
    null,
    place === undefined ? h('strong', null, name) : h('a', { href: `#${place}` }, name),
    ' ',
    h('span', { class: `badge ${severity}` }, `${severity} ${score}`),
    h('br', null),
    h(Outside, { text }),
  );
}

function notesOn({ summary, coverage }: Report): string[] {
  const { denied, excepted, joined, undated } = summary;
  return [
    ...(denied > 0 ? [`Of the events ${number(denied)} ${denied === 1 ? 'was' : 'were'} denied.`] : []),
    ...(excepted > 0 ? [`${several(excepted, 'incident')} more count for nothing, by exceptions.`] : []),
    ...(joined > 0 ? [`${several(joined, 'incident')} of addresses count in those of their hosts.`] : []),
    ...(undated > 0 ? [`${several(undated, 'incident')} ${undated === 1 ? 'has' : 'have'} no date.`] : []),
    ...(coverage.of === 'scan' ? ['Alerts are those that a worker would raise.'] : []),
  ];
}
