import { type ComponentChild, h } from 'preact';
import type { Severity } from '../../model/match.ts';
import type { ReportedIncident } from '../incident.ts';
import type { Report } from '../report.ts';
import { Course, Facts, type Places } from './incident.ts';
import { severityName, WORST_FIRST } from './severities.ts';
import { number, Outside, several, shown, span } from './text.ts';

/** Incidents in the groups that are open at first; the first group is always. */
const MOST_OPEN = 100;
/** Incidents of a group that are laid out at once; of more, those in view. */
const MOST_DRAWN = 200;
/** Incidents that are printed with their details. */
const PRINTED_WHOLE = 10;

/** All incidents, in a group for each severity. */
export function Incidents({ report, places }: { readonly report: Report; readonly places: Places }): ComponentChild {
  const { incidents, left_out: leftOut } = report;
  let before = 0;
  return h(
    'section',
    { id: 'incidents', 'aria-labelledby': 'incidents-title' },
    h('h2', { id: 'incidents-title' }, 'Incidents'),
    incidents.length === 0 ? h('p', { class: 'muted' }, 'None.') : null,
    incidents.length > 1 ? h(Filter, null) : null,
    WORST_FIRST.map((severity) => {
      const some = incidents.filter((incident) => incident.severity === severity);
      const start = before;
      before += some.length;
      if (some.length === 0) return null;
      const open = start === 0 || before <= MOST_OPEN;
      return h(Group, { severity, incidents: some, open, start, places });
    }),
    leftOut > 0
      ? h(
          'p',
          { class: 'note' },
          `The ${several(incidents.length, 'most severe incident')} are told here; ${number(leftOut)} more stand in the ` +
            'numbers alone. A shorter range tells them too.',
        )
      : null,
  );
}

/** Of use with the script alone, which shows it. */
function Filter(): ComponentChild {
  return h(
    'form',
    { class: 'filter', hidden: true, role: 'search' },
    h(
      'label',
      null,
      'Filter by host, indicator, day or any other word',
      h('input', { type: 'search', autocomplete: 'off', spellcheck: false }),
    ),
    h('button', { type: 'button' }, 'Open all groups'),
    h('button', { type: 'button' }, 'Close all'),
    h('output', { 'aria-live': 'polite' }),
  );
}

interface GroupProps {
  readonly severity: Severity;
  readonly incidents: readonly ReportedIncident[];
  readonly open: boolean;
  /** Incidents in the groups before. */
  readonly start: number;
  readonly places: Places;
}

function Group({ severity, incidents, open, start, places }: GroupProps): ComponentChild {
  const name = severityName(severity);
  const title = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return h(
    'details',
    { class: 'group', open },
    h('summary', null, h('h3', null, `${title} `, h('span', { class: 'muted' }, `(${number(incidents.length)})`))),
    h(
      'ol',
      { class: incidents.length > MOST_DRAWN ? 'incidents many' : 'incidents' },
      incidents.map((incident, i) => h(Item, { incident, places, whole: start + i < PRINTED_WHOLE })),
    ),
  );
}

interface ItemProps {
  readonly incident: ReportedIncident;
  readonly places: Places;
  readonly whole: boolean;
}

function Item({ incident, places, whole }: ItemProps): ComponentChild {
  const { id, severity, score, entity, reason } = incident;
  return h(
    'li',
    { id: places.get(id) },
    h(
      'details',
      { class: whole ? 'incident top' : 'incident' },
      h(
        'summary',
        null,
        h(
          'span',
          null,
          h('span', { class: `badge ${severity}`, title: `${severityName(severity)}, score ${score}` }, score),
        ),
        h('span', { class: 'who' }, h(Outside, { text: entity.name, longest: 100 })),
        h('span', { class: 'when' }, whenOf(incident)),
        h('span', { class: 'why' }, h(Outside, { text: reason, longest: 900 })),
      ),
      h('div', { class: 'inside' }, h(Course, { timeline: incident.timeline }), h(Facts, { incident, places })),
    ),
  );
}

function whenOf({ day, first, last }: ReportedIncident): string {
  return day === 'unknown' ? 'no date' : `${shown(day, 10)} ${span(first, last)}`;
}
