import type { estypes } from '@elastic/elasticsearch';
import { createReader } from '../matcher/reader.ts';
import type { EventDocument } from '../model/event.ts';

/** A request for values from the index itself; dates as milliseconds since 1970 UTC. */
export function docValueRequest(paths: readonly string[], dates: readonly string[]): estypes.QueryDslFieldAndFormat[] {
  const format = new Set(dates);
  return paths.map((field) => (format.has(field) ? { field, format: 'epoch_millis' } : { field }));
}

/** Fills events whose `_source` lacks fields with what the index has of them. */
export function createCompletion(
  paths: readonly string[],
): (event: EventDocument, values: Readonly<Record<string, unknown>>) => EventDocument {
  const reader = createReader(paths.map((path) => [path]));
  return (event, values) => {
    const present = reader.read(event);
    const lacking = paths.filter((path, i) => present[i] === undefined && values[path] !== undefined);
    return { ...event, ...Object.fromEntries(lacking.map((path) => [path, values[path]])) };
  };
}
