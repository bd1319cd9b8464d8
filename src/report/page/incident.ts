import { type ComponentChild, h } from 'preact';
import type { Count } from '../../model/incident.ts';
import type { ReportedIncident, Step, Timeline } from '../incident.ts';
import { round } from './bars.ts';
import { severityName } from './severities.ts';
import { listing, number, Outside, several, shown, span } from './text.ts';

/** Where on the page each incident stands, by its id. */
export type Places = ReadonlyMap<string, string>;

export function placesOf(incidents: readonly ReportedIncident[]): Places {
  return new Map(incidents.map(({ id }, i) => [id, `incident-${i + 1}`]));
}

/** How the day of an incident went. */
export function Course({ timeline: { hours, steps } }: { readonly timeline: Timeline }): ComponentChild {
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

/** What else is known of an incident. */
export function Facts({
  incident,
  places,
}: {
  readonly incident: ReportedIncident;
  readonly places: Places;
}): ComponentChild {
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
