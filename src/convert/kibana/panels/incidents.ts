import { SEVERITIES, SEVERITY_FLOOR } from '../../../model/severity.ts';
import { SEVERITY_COLOUR } from '../colours.ts';
import { INCIDENTS } from '../names.ts';
import { bars, KEY_AND_COUNT, NO_BUCKET } from './bars.ts';
import { type Asked, type Json, type Panel, specOf } from './spec.ts';

const WORST_FIRST = SEVERITIES.toReversed().filter((severity) => severity !== 'none');

const BY_SEVERITY: Json = {
  field: 'severity',
  type: 'nominal',
  scale: { domain: WORST_FIRST, range: WORST_FIRST.map((severity) => SEVERITY_COLOUR[severity]) },
};
const COUNTED: Json = { range: { 'minecanary.score': { gte: SEVERITY_FLOOR.low } } };
/** Asks of the incidents that count for something; the answer lies under `counted`. */
function ofCounted(aggs: Json): Asked {
  return { index: INCIDENTS, aggs: { counted: { filter: COUNTED, aggs } } };
}

/** The word of a number that is the lowest score of a severity. */
const WORD = WORST_FIRST.map((severity) => `datum.worst >= ${SEVERITY_FLOOR[severity]} ? '${severity}' : `).join('');

export const INCIDENTS_BY_SEVERITY: Panel = {
  name: 'incidents-by-severity',
  title: 'Incidents by severity',
  description: 'How many entities had a day with evidence of cryptomining, by what it came to.',
  spec: specOf({
    asked: ofCounted({
      severities: {
        terms: { field: 'minecanary.severity', order: { worst: 'desc' } },
        aggs: { worst: { max: { field: 'event.severity' } } },
      },
    }),
    buckets: 'datum.found.counted.severities.buckets',
    rows: [...KEY_AND_COUNT, { calculate: 'datum.label', as: 'severity' }],
    ...bars({
      colour: { ...BY_SEVERITY, legend: null },
      tooltip: [
        { field: 'label', title: 'Severity' },
        { field: 'value', title: 'Incidents', type: 'quantitative' },
      ],
    }),
    empty: 'No incidents in this time',
    blank: NO_BUCKET,
  }),
};

export const TOP_ENTITIES: Panel = {
  name: 'top-hosts',
  title: 'Hosts under suspicion, the worst first, by events',
  description: 'Hosts, addresses and users under suspicion: the ten most severe, by the number of events behind it.',
  spec: specOf({
    asked: ofCounted({
      entities: {
        // One name in two scopes is two hosts.
        terms: { field: 'minecanary.entity.id', size: 10, order: [{ worst: 'desc' }, { events: 'desc' }] },
        aggs: {
          worst: { max: { field: 'event.severity' } },
          events: { sum: { field: 'minecanary.events' } },
          names: { terms: { field: 'minecanary.entity.name', size: 1 } },
          scopes: { terms: { field: 'minecanary.scope', size: 1 } },
        },
      },
    }),
    buckets: 'datum.found.counted.entities.buckets',
    rows: [
      { calculate: 'datum.bucket.names.buckets[0].key', as: 'name' },
      { calculate: 'datum.bucket.scopes.buckets[0].key', as: 'scope' },
      { joinaggregate: [{ op: 'distinct', field: 'scope', as: 'scopes' }] },
      { calculate: "datum.name + (datum.scopes > 1 ? ' (' + datum.scope + ')' : '')", as: 'label' },
      { calculate: 'datum.bucket.events.value', as: 'value' },
      { calculate: 'datum.bucket.worst.value', as: 'worst' },
      { calculate: `${WORD}'none'`, as: 'severity' },
      { calculate: 'datum.bucket.doc_count', as: 'incidents' },
    ],
    ...bars({
      colour: { ...BY_SEVERITY, legend: { orient: 'top', direction: 'horizontal' } },
      tooltip: [
        { field: 'label', title: 'Entity' },
        { field: 'severity', title: 'Worst' },
        { field: 'value', title: 'Events', type: 'quantitative' },
        { field: 'incidents', title: 'Incidents', type: 'quantitative' },
      ],
    }),
    empty: 'No host under suspicion in this time',
    blank:
      "{doc_count: 0, events: {value: 0}, worst: {value: 0}, names: {buckets: [{key: ' '}]}, " +
      "scopes: {buckets: [{key: ''}]}}",
  }),
};
