import { CATALOGUE } from '../../../matcher/catalogue.ts';
import { PLAIN, SECOND } from '../colours.ts';
import { MATCHES } from '../names.ts';
import { NUMBER, THICKNESS } from './bars.ts';
import { PORT_NAMES } from './evidence.ts';
import { type Json, type Panel, specOf, words } from './spec.ts';

type PortSide = 'client' | 'server';

/** Events with a match in a port of this side, by the port. */
function portsOf(side: PortSide): Json {
  const fields = CATALOGUE.filter((one) => one.kind === 'port' && one.side === side).map(({ field }) => field);
  return {
    filter: { terms: { 'minecanary.field': fields } },
    aggs: { ports: { terms: { field: 'minecanary.indicator', size: 8, include: PORT_NAMES } } },
  };
}

const bucketsOf = (side: PortSide): string => `datum.found.${side}.ports.buckets`;
const PORT: Json = {
  field: 'port',
  type: 'ordinal',
  axis: {
    title: null,
    ticks: false,
    domain: false,
    labelPadding: 8,
    labelExpr: "datum.value > 0 ? toString(datum.value) : ''",
  },
};
const SCALE: Json = { domainMin: 0, range: [0, { expr: `max(width - ${NUMBER}, 0)` }] };

export const PORTS_BY_SIDE: Panel = {
  name: 'ports-by-side',
  title: 'Mining ports, by the side they were on',
  description:
    'Events on ports that pools listen on. A client takes its port by chance: only on a server it is a hint.',
  spec: specOf({
    asked: { index: MATCHES, aggs: { server: portsOf('server'), client: portsOf('client') } },
    buckets: `[{side: 'server', ports: ${bucketsOf('server')}}, {side: 'client', ports: ${bucketsOf('client')}}]`,
    rows: [
      { calculate: 'datum.bucket.side', as: 'side' },
      { calculate: 'datum.bucket.ports', as: 'ports' },
      { flatten: ['ports'], as: ['of'] },
      { filter: 'isValid(datum.of)' },
      { calculate: 'toNumber(datum.of.key)', as: 'port' },
      { calculate: 'datum.of.doc_count', as: 'value' },
    ],
    encoding: { y: PORT },
    layer: [
      {
        mark: { type: 'bar', cornerRadiusEnd: 2, height: THICKNESS },
        encoding: {
          x: { field: 'value', type: 'quantitative', axis: null, stack: 'zero', scale: SCALE },
          color: {
            field: 'side',
            type: 'nominal',
            scale: { domain: ['server', 'client'], range: [PLAIN, SECOND] },
            legend: { orient: 'top', direction: 'horizontal' },
          },
          order: { field: 'side', sort: 'descending' },
          tooltip: [
            { field: 'port', title: 'Port', type: 'nominal' },
            { field: 'side', title: 'Side' },
            { field: 'value', title: 'Events', type: 'quantitative' },
          ],
        },
      },
      {
        transform: [
          { aggregate: [{ op: 'sum', field: 'value', as: 'total' }], groupby: ['port', 'none'] },
          { calculate: "datum.none ? '' : format(datum.total, ',')", as: 'said' },
        ],
        mark: words({ align: 'left', baseline: 'middle', dx: 6 }),
        encoding: {
          x: { field: 'total', type: 'quantitative', axis: null, scale: SCALE },
          text: { field: 'said' },
        },
      },
    ],
    empty: 'No evidence on ports in this time',
    blank: "{side: 'server', ports: [{key: '0', doc_count: 0}]}",
    isEmpty: `length(${bucketsOf('server')}) + length(${bucketsOf('client')}) === 0`,
  }),
};
