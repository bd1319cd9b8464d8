import { SEVERITY_COLOUR } from '../colours.ts';
import { UNITS } from '../names.ts';
import { bars, KEY_AND_COUNT, NO_BUCKET } from './bars.ts';
import { type Panel, specOf } from './spec.ts';

/** As the units hold them: incremental passes are those that follow the events. */
const FOLLOWING = { bool: { filter: [{ term: { type: 'unit' } }, { term: { pass: 'incremental' } }] } } as const;
/** Rows that can be read in the height of the panels. */
const MOST = 12;
const [HOURS_FROM, DAYS_FROM] = [120, 2880];

export const LAG: Panel = {
  name: 'lag',
  title: 'How far behind each source is',
  description:
    'From the ledger: up to when all that arrived is settled, of the twelve sources furthest behind. It follows neither ' +
    'the time range nor the filters.',
  spec: specOf({
    asked: {
      index: UNITS,
      query: FOLLOWING,
      aggs: {
        sources: {
          terms: { field: 'source', size: MOST, order: { settled: 'asc' } },
          aggs: { settled: { max: { field: 'checkpoint' } }, attempts: { max: { field: 'attempts' } } },
        },
      },
    },
    buckets: 'datum.found.sources.buckets',
    rows: [
      { calculate: 'datum.bucket.key', as: 'label' },
      { calculate: 'datum.bucket.settled.value', as: 'settled' },
      { calculate: 'isValid(datum.settled) ? max((now() - datum.settled) / 60000, 0) : 0', as: 'value' },
      {
        calculate:
          `!isValid(datum.settled) ? '' : datum.value < ${HOURS_FROM} ? format(datum.value, '.0f') + ' min behind'` +
          ` : datum.value < ${DAYS_FROM} ? format(datum.value / 60, '.0f') + ' h behind'` +
          " : format(datum.value / 1440, '.0f') + ' days behind'",
        as: 'behind',
      },
      { calculate: "isValid(datum.settled) ? datum.behind : 'nothing settled yet'", as: 'lag' },
      {
        calculate:
          "datum.bucket.attempts.value > 1 ? datum.lag + ', ' + datum.bucket.attempts.value + ' passes begun' : datum.lag",
        as: 'lag',
      },
      { calculate: "isValid(datum.settled) ? timeFormat(datum.settled, '%Y-%m-%d %H:%M:%S') : 'never'", as: 'until' },
    ],
    ...bars({
      room: 210,
      most: 60,
      said: 'datum.lag',
      tooltip: [
        { field: 'label', title: 'Source' },
        { field: 'until', title: 'Settled until' },
        { field: 'lag', title: 'Lag' },
      ],
    }),
    empty: 'No worker has followed a source yet',
    blank: "{key: ' ', settled: {value: null}, attempts: {value: 0}}",
  }),
};

export const FAILURES: Panel = {
  name: 'failures',
  title: 'Documents that could not be written, by source',
  description: 'From the ledger. The search "documents that could not be written" names them, with the reason.',
  spec: specOf({
    asked: {
      index: UNITS,
      query: { bool: { filter: [{ term: { type: 'failure' } }] } },
      aggs: { sources: { terms: { field: 'source', size: MOST } } },
    },
    buckets: 'datum.found.sources.buckets',
    rows: KEY_AND_COUNT,
    ...bars({
      colour: { value: SEVERITY_COLOUR.high },
      tooltip: [
        { field: 'label', title: 'Source' },
        { field: 'value', title: 'Documents', type: 'quantitative' },
      ],
    }),
    empty: 'None: all was read and written',
    blank: NO_BUCKET,
  }),
};
