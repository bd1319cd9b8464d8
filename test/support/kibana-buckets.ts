/** Buckets as Elasticsearch answers. */
import type { Json } from '../../src/convert/kibana/panels/spec.ts';
import { DAY_MS } from '../../src/model/time.ts';

export interface Bucket {
  readonly key: string;
  readonly doc_count: number;
  readonly [more: string]: unknown;
}

/** With all that panels ask of one. */
export function bucketsOf(most: number, nameOf: (i: number) => string): Bucket[] {
  return Array.from({ length: most }, (_, i) => ({
    key: nameOf(i),
    doc_count: 12_345_678 - i,
    events: { value: 12_345_678 - i },
    worst: { value: 99 },
    settled: { value: Date.now() - 9 * DAY_MS },
    attempts: { value: 12 },
  }));
}

/** Of a host under suspicion. */
export function hostBucket(events: number, name: string, scope: string): Json {
  const [names, scopes] = [name, scope].map((key) => ({ buckets: [{ key, doc_count: 1 }] }));
  return { key: `${scope} ${name}`, doc_count: 1, events: { value: events }, worst: { value: 99 }, names, scopes };
}
