import { MATCHES } from '../names.ts';
import { bars, KEY_AND_COUNT, NO_BUCKET } from './bars.ts';
import { type Panel, specOf } from './spec.ts';

/** Names of ports, and of nothing else that an indicator is named by. */
export const PORT_NAMES = '[0-9]+';
const EVENTS = { field: 'value', title: 'Events', type: 'quantitative' } as const;

export const TOP_INDICATORS: Panel = {
  name: 'top-pools',
  title: 'Pools and other indicators, by events',
  description: 'The ten indicators that most events matched: names, addresses, programs; ports have their own panel.',
  spec: specOf({
    asked: {
      index: MATCHES,
      aggs: { indicators: { terms: { field: 'minecanary.indicator', size: 10, exclude: PORT_NAMES } } },
    },
    buckets: 'datum.found.indicators.buckets',
    rows: KEY_AND_COUNT,
    ...bars({ tooltip: [{ field: 'label', title: 'Indicator' }, EVENTS] }),
    empty: 'No evidence but ports in this time',
    blank: NO_BUCKET,
  }),
};

export const EVIDENCE_KINDS: Panel = {
  name: 'evidence-kinds',
  title: 'Kinds of evidence, by events',
  description: 'What matched in events: an event in which several kinds matched counts in each.',
  spec: specOf({
    asked: { index: MATCHES, aggs: { kinds: { terms: { field: 'minecanary.kind', size: 15 } } } },
    buckets: 'datum.found.kinds.buckets',
    rows: KEY_AND_COUNT,
    ...bars({ tooltip: [{ field: 'label', title: 'Kind' }, EVENTS] }),
    empty: 'No evidence in this time',
    blank: NO_BUCKET,
  }),
};
