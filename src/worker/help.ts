import { serverTime } from '../elastic/clock.ts';
import { leaseOpen } from './lease.ts';
import { openPartWork, type PartWork } from './part-work.ts';
import { decidedBy, leaseOptions, type Pass } from './pass.ts';
import { type OpenPart, partsOf, takePart } from './share.ts';
import { type Leasable, partOf, readStored, type UnitDocument } from './unit.ts';
import type { Job } from './worker.ts';

/** What this worker does for a pass while another one holds its unit. */
export interface Help {
  /** Takes the parts that are open; false where there is none. */
  readonly once: (held: UnitDocument) => Promise<boolean>;
  /** When the pass began that it helped with, ISO 8601; undefined where there was nothing to help with. */
  readonly began: () => string | undefined;
}

interface Known {
  readonly fence: number;
  readonly job: Job;
  readonly parts: readonly OpenPart[];
  readonly work: PartWork;
}

/**
 * Helps whoever holds a unit with its pass, part by part, where both go by the same lookups. Another worker's parts are
 * begun at the end, so that the two meet late.
 */
export function helpWith(job: Job, what: Leasable, passOver: (job: Job, range: Pass['range']) => Pass): Help {
  const { worker } = job;
  const lease = leaseOptions(worker);
  let known: Known | undefined;
  let began: string | undefined;

  /** What there is to do, asked once for each pass. */
  async function open(held: UnitDocument): Promise<Known | undefined> {
    const { from, to, lookups, most, started, fence } = held;
    if (known?.fence === fence && began === started) return known;
    if (from === undefined || to === undefined || most === undefined || lookups !== decidedBy(worker.tables))
      return undefined;
    const own = { ...job, now: await serverTime(worker.client) };
    const pass = passOver(own, { from: Date.parse(from), to: Date.parse(to) });
    const parts: OpenPart[] = [];
    for await (const part of partsOf(own, pass, { most })) if ('range' in part) parts.push(part);
    known = { fence, job: own, parts: parts.toReversed(), work: await openPartWork(own, pass) };
    began = started;
    return known;
  }

  return {
    began: () => began,
    async once(held) {
      const { job: own, parts = [], work, fence } = (await open(held)) ?? {};
      if (own === undefined || work === undefined) return false;
      let helped = false;
      for (const part of parts) {
        if (worker.signal.aborted) break;
        const unit = (await readStored(worker.client, what.id))?.document;
        if (unit?.fence !== fence || unit?.state !== 'leased') break;
        const leased = await leaseOpen(lease, partOf(what.id, held, part.range));
        if (leased === undefined) continue;
        helped = true;
        await takePart(own, { part, own: leased, units: [leased], work });
      }
      return helped;
    },
  };
}
