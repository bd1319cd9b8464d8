import type { Tables } from '../lookups/compile.ts';
import { hashId } from '../matcher/incident.ts';
import type { RangedWindow } from '../sources/sample.ts';
import type { ReadOptions, TimeRange } from '../sources/source.ts';
import type { LeaseOptions } from './lease.ts';
import type { Worker } from './worker.ts';

/** What decides which events count: other lookups or exceptions make the whole horizon due. */
export function decidedBy({ digest, exceptions }: Tables): string {
  return exceptions.live.length === 0 ? digest : hashId(digest, exceptions.digest);
}

export interface Pass {
  readonly range: TimeRange;
  readonly read: ReadOptions;
  /** What a part of the range covers. */
  readonly window: (range: TimeRange) => RangedWindow;
  /** Whether it goes over what has no place in time as well. */
  readonly rest?: boolean;
  /** The checkpoint to stand at once everything before `until` is settled; a pass without one is begun anew. */
  readonly checkpoint?: (until: number) => string;
  /** When the pass before this one may have begun; milliseconds since 1970 UTC. */
  readonly since?: number;
}

export function leaseOptions({ client, owner, version, config, signal }: Worker): LeaseOptions {
  return { client, owner, version, ttl: config.lease.ttl, clock: () => performance.now(), signal };
}
