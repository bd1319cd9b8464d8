import { BADGES } from './colours.ts';
import { searchTemplate } from './discover.ts';
import { ALERTS, EVENTS, INCIDENTS, MATCHES, SEARCH, UNITS, VIEW } from './names.ts';
import { type SavedObject, savedObject } from './object.ts';

interface Format {
  readonly id: 'color' | 'url';
  readonly params: Readonly<Record<string, unknown>>;
}

const score: Format = { id: 'color', params: { fieldType: 'number', colors: BADGES } };
const severity: Format = { id: 'color', params: { fieldType: 'string', colors: BADGES } };
const OURS = { 'minecanary.score': score, 'minecanary.severity': severity } as const;

/** A value that leads to the documents of a saved search that hold it. */
function link(search: string, field: string): Format {
  return { id: 'url', params: { urlTemplate: searchTemplate(search, field), labelTemplate: '{{value}}' } };
}

const toEvidence = { 'minecanary.incident.id': link(SEARCH.matches, 'minecanary.incident.id') };

interface View {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly time: string;
  readonly formats: Readonly<Record<string, Format>>;
}

const VIEWS: readonly View[] = [
  {
    id: VIEW.events,
    name: 'minecanary: events',
    title: EVENTS,
    time: '@timestamp',
    formats: { ...OURS, ...toEvidence },
  },
  {
    id: VIEW.alerts,
    name: 'minecanary: alerts',
    title: ALERTS,
    time: '@timestamp',
    formats: { ...OURS, ...toEvidence, 'event.risk_score': score, 'event.severity': score },
  },
  {
    id: VIEW.incidents,
    name: 'minecanary: incidents',
    title: INCIDENTS,
    time: '@timestamp',
    formats: {
      ...OURS,
      ...toEvidence,
      'minecanary.highest': severity,
      'event.risk_score': score,
      'event.severity': score,
    },
  },
  {
    id: VIEW.matches,
    name: 'minecanary: evidence',
    title: MATCHES,
    time: '@timestamp',
    formats: {
      ...OURS,
      // The id of an event is other people's text, which Kibana would put into the address as it is.
      'minecanary.incident.id': link(SEARCH.incidents, 'minecanary.incident.id'),
    },
  },
  { id: VIEW.units, name: 'minecanary: ledger', title: UNITS, time: 'updated', formats: {} },
];

/** Where Discover and the panels look, with colours for severities, and ids that lead further. */
export const DATA_VIEWS: readonly SavedObject[] = VIEWS.map(({ id, name, title, time, formats }) =>
  savedObject('index-pattern', id, {
    title,
    name,
    timeFieldName: time,
    fieldFormatMap: JSON.stringify(formats),
    fieldAttrs: '{}',
    fields: '[]',
    runtimeFieldMap: '{}',
    sourceFilters: '[]',
    typeMeta: '{}',
  }),
);
