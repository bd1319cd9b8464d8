import type { Document, Draft, Expectation, Moment } from './types.ts';

/** Where the events of a data set lie, and what made them. */
export interface Dataset {
  readonly name: string;
  readonly module: string;
  readonly index: string;
}

/** `dataset('panw.panos')` is of module `panw` and lies in `logs-panw.panos-default`. */
export function dataset(name: string): Dataset {
  return { name, module: name.split('.', 1)[0] ?? name, index: `logs-${name}-default` };
}

const AGENT = { id: '6f0c1d52-8f0e-4a53-9c57-1d2b8a7e6f10', name: 'collector01', type: 'filebeat', version: '8.17.0' };
const ECS = { version: '8.17.0' };

/** What every event of an Elastic integration begins with. `event` adds to the event field set. */
export function envelope(moment: Moment, { name, module }: Dataset, event: Document): Document {
  const common: Document = { dataset: name, module };
  if (moment.ingested !== undefined) common['ingested'] = moment.ingested;
  return {
    '@timestamp': moment.timestamp,
    agent: AGENT,
    data_stream: { type: 'logs', dataset: name, namespace: 'default' },
    ecs: ECS,
    event: { ...common, ...event },
  };
}

export function draft({ index }: Dataset, document: Document, expected: readonly Expectation[] = []): Draft {
  return { index, document, expected, lookAlike: undefined };
}

/** A benign event that tempts: `lookAlike` says with what. */
export function temptation({ index }: Dataset, document: Document, lookAlike: string): Draft {
  return { index, document, expected: [], lookAlike };
}
