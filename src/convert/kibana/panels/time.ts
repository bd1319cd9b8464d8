import { MATCHES } from '../names.ts';
import { type Panel, specOf } from './spec.ts';

const HOUR_MS = 3_600_000;

/** With the intervals in which nothing happened, over the whole time range. */
const times = {
  date_histogram: {
    field: '@timestamp',
    interval: { '%autointerval%': 60 },
    min_doc_count: 0,
    extended_bounds: { min: { '%timefilter%': 'min' }, max: { '%timefilter%': 'max' } },
  },
} as const;

export const EVENTS_OVER_TIME: Panel = {
  name: 'events-over-time',
  title: 'Events with evidence over time, by data source',
  description: 'When events matched, of the eight data sets that have the most of them.',
  spec: specOf({
    asked: {
      index: MATCHES,
      aggs: {
        sources: {
          terms: { field: 'event.dataset', size: 8, missing: 'no data set' },
          aggs: { times },
        },
        times,
      },
    },
    buckets: 'datum.found.sources.buckets',
    rows: [
      { calculate: 'datum.bucket.key', as: 'source' },
      { calculate: 'datum.bucket.times.buckets', as: 'times' },
      { flatten: ['times'], as: ['time'] },
      { calculate: 'datum.time.key', as: 'from' },
      { calculate: 'datum.time.doc_count', as: 'value' },
      {
        joinaggregate: [
          { op: 'min', field: 'from', as: 'first' },
          { op: 'max', field: 'from', as: 'last' },
          { op: 'distinct', field: 'from', as: 'count' },
        ],
      },
      // Elasticsearch does not say how long an interval is.
      {
        calculate: `datum.from + (datum.count > 1 ? (datum.last - datum.first) / (datum.count - 1) : ${HOUR_MS})`,
        as: 'until',
      },
    ],
    encoding: {
      x: {
        field: 'from',
        type: 'temporal',
        axis: {
          title: null,
          grid: false,
          labelFlush: true,
          tickCount: { expr: 'ceil(width / 120)' },
          labelExpr: "timeFormat(datum.value, hours(datum.value) + minutes(datum.value) > 0 ? '%H:%M' : '%-d %b')",
        },
      },
      x2: { field: 'until' },
      y: {
        field: 'value',
        type: 'quantitative',
        stack: 'zero',
        scale: { domainMin: 0 },
        axis: { title: 'Events', tickMinStep: 1, format: ',', tickCount: 5, domain: false, ticks: false },
      },
      color: { field: 'source', type: 'nominal', legend: { orient: 'right' } },
      tooltip: [
        { field: 'from', title: 'From', type: 'temporal', format: '%Y-%m-%d %H:%M' },
        { field: 'source', title: 'Data source' },
        { field: 'value', title: 'Events', type: 'quantitative' },
      ],
    },
    layer: [{ mark: { type: 'bar', orient: 'vertical', binSpacing: 1 } }],
    empty: 'No evidence in this time',
    blank:
      "{key: 'no events', times: isValid(datum.found) ? datum.found.times : {buckets: [{key: now(), doc_count: 0}]}}",
  }),
};
