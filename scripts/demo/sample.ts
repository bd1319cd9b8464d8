import { type DataSource, type SampleEvent, sampleEvents } from '../../test/support/sample/index.ts';
import type { Names } from './names.ts';

const SEED = 1496;
export const SPAN_MS = 86_400_000;

/** The events of the demo: the same for the same end, in indices of its own. They happen in the day before `end`. */
export function* demoEvents({ namespace }: Names, end: Date): Generator<SampleEvent> {
  for (const event of sampleEvents({ seed: SEED, end, span: SPAN_MS, perSource: 1000 })) {
    const stream = event.document['data_stream'] as object;
    yield {
      ...event,
      index: event.index.replace(/-default$/, `-${namespace}`),
      document: { ...event.document, data_stream: { ...stream, namespace } },
    };
  }
}

/** The data source an event of the demo is of, by its id. */
export function sourceOfId(id: string): DataSource {
  return id.slice(0, id.indexOf('-')) as DataSource;
}
