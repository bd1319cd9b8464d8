import { type ComponentChild, h } from 'preact';
import type { Count } from '../../model/incident.ts';
import type { Severity } from '../../model/match.ts';
import type { ReportedIncident, Step, Timeline } from '../incident.ts';
import type { Report } from '../report.ts';
import { round, severityName, WORST_FIRST } from './charts.ts';
import { listing, number, Outside, several, shown, span } from './text.ts';

/** Incidents in the groups that are open at first; the first group is always. */
const MOST_OPEN = 100;
/** Incidents of a group that are laid out at once; of more, those in view. */
const MOST_DRAWN = 200;
/** Incidents that are printed with their details. */
const PRINTED_WHOLE = 10;

/** Where on the page each incident stands, by its id. */
export type Places = ReadonlyMap<string, string>;

export function placesOf(incidents: readonly ReportedIncident[]): Places {
  return new Map(incidents.map(({ id }, i) => [id, `incident-${i + 1}`]));
}

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

function Course({ timeline: { hours, steps } }: { readonly timeline: Timeline }): ComponentChild {
  return [
    hours.length === 0 ? null : h(Hours, { hours }),
    steps.length === 0
      ? null
      : h(
          'ol',
          { class: 'course' },
          steps.map((step) => h(CourseStep, step)),
        ),
  ];
}

function CourseStep({ text, first, last, points, events }: Step): ComponentChild {
  const time = span(first, last);
  return h(
    'li',
    null,
    h('time', first === undefined ? null : { datetime: shown(first, 24) }, time === '' ? 'no time' : time),
    h(
      'span',
      null,
      h(Outside, { text }),
      h('span', { class: 'muted' }, ` – ${several(points, 'point')}, ${several(events, 'event')}`),
    ),
  );
}

const BAR = 8;
const HOUR = 10;
const HEIGHT = 30;

/** Events by hour: one path, as there may be thousands of these. */
function Hours({ hours }: { readonly hours: readonly number[] }): ComponentChild {
  const most = hours.reduce((max, events) => Math.max(max, events), 1);
  const told = hours.flatMap((events, hour) =>
    events === 0 ? [] : [`${several(events, 'event')} from ${String(hour).padStart(2, '0')}:00`],
  );
  const bars = hours.map((events, hour) => {
    const height = round((events / most) * HEIGHT);
    return events === 0 ? '' : `M${hour * HOUR + 1} ${HEIGHT}v${-height}h${BAR}v${height}z`;
  });
  return h(
    'div',
    { class: 'hours' },
    h(
      'svg',
      {
        role: 'img',
        'aria-label': `Events by hour, UTC: ${listing(told)}`,
        viewBox: `0 0 ${hours.length * HOUR} ${HEIGHT}`,
        preserveAspectRatio: 'none',
      },
      h('path', { class: 'bar', d: bars.join('') }),
    ),
    h(
      'p',
      { 'aria-hidden': 'true' },
      ['00', '06', '12', '18 UTC'].map((hour) => h('span', null, hour)),
    ),
  );
}

function Facts({ incident, places }: { readonly incident: ReportedIncident; readonly places: Places }): ComponentChild {
  const { id, scope, entity, events, matches, denied, severity, highest, datasets, kinds, indicators } = incident;
  const { more_indicators: more, previous, lookups } = incident;
  const before = previous === undefined ? undefined : places.get(previous);
  const rows: readonly (readonly [string, ComponentChild])[] = [
    ['events', `${number(events)}, with ${several(matches, 'match', 'matches')}; ${number(denied)} denied`],
    ['sources', counted(datasets)],
    ['evidence', counted(kinds)],
    ['indicators', [counted(indicators), more > 0 ? `, and ${number(more)} more` : '']],
    ['lookups', counted(lookups)],
    [
      'entity',
      [
        `${entity.type}${entity.shared ? ', shared: it stands for many hosts' : ''}, scope `,
        h(Outside, { text: scope, longest: 80 }),
      ],
    ],
    ...(highest === severity ? [] : [['highest', `it was ${severityName(highest)} before`] as const]),
    ...(before === undefined
      ? []
      : [['before it', h('a', { href: `#${before}` }, 'the incident of an earlier day')] as const]),
    ['id', h('code', null, shown(id, 64))],
  ];
  return h(
    'dl',
    { class: 'facts' },
    rows.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]),
  );
}

function counted(counts: readonly Count[]): ComponentChild {
  if (counts.length === 0) return 'none';
  return counts.map(({ name, count }, i) => [
    i === 0 ? '' : ', ',
    h(Outside, { text: name, longest: 120 }),
    count > 1 ? ` (${number(count)})` : '',
  ]);
}
