import { isoTime } from '../model/time.ts';
import type { TimeRange } from '../sources/source.ts';
import { leaseOpen, leaseUnit, type Unit } from './lease.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import type { PartOutcome } from './part.ts';
import type { PartWork } from './part-work.ts';
import { leaseOptions, type Pass } from './pass.ts';
import { partOf } from './unit.ts';
import { type Part, restParts, type Size, splitRange } from './windows.ts';
import type { Job } from './worker.ts';

/** A pass that this worker goes over, holding its unit. */
export interface PassAtHand {
  readonly job: Job;
  readonly unit: Unit;
  readonly pass: Pass;
  readonly size: Size;
  readonly work: PartWork;
}

/** A part that another worker may take: one of several, with a place in time. */
export interface OpenPart extends Part {
  readonly range: TimeRange;
}

/** The parts of a pass in order of time, those first that any worker may take. */
export async function* partsOf(job: Job, { range, window, read }: Pass, size: Size): AsyncGenerator<Part | OpenPart> {
  let before: number | undefined;
  for await (const part of splitRange(job.source, range, window, read, size)) {
    const own = { from: before ?? range.from, to: part.until };
    before = part.until;
    const isWhole = own.from === range.from && own.to === range.to;
    yield isWhole ? part : { ...part, range: own };
  }
}

/**
 * Goes over the parts of a pass. Those that other workers took are left to them, and taken over from those that die.
 *
 * @param settled told how far everything is settled, in milliseconds since 1970 UTC, after each part.
 * @returns whether it went to the end, and what came of the parts that others took.
 */
export async function goOverParts(
  { job, unit, pass, size, work }: PassAtHand,
  settled: (until: number) => Promise<void>,
): Promise<{ readonly complete: boolean; readonly others: Counts }> {
  const lease = leaseOptions(job.worker);
  const open = (part: OpenPart) => partOf(unit.id, { ...unit.state(), fence: unit.fence }, part.range);
  const goOver = async (part: Part, own?: Unit): Promise<boolean> => {
    if (own === undefined) return (await work.goOver(part, [unit])).complete;
    return (await takePart(job, { part, own, units: [unit, own], work })).complete;
  };
  let left: OpenPart[] = [];
  let reached = pass.range.from;
  let others = NOTHING_COUNTED;
  let wasHelped = false;
  const ended = (complete: boolean) => ({ complete, others });

  for await (const part of partsOf(job, pass, size)) {
    const own = 'range' in part ? await leaseOpen(lease, open(part)) : undefined;
    if ('range' in part && own === undefined) left.push(part);
    else if (!(await goOver(part, own))) return ended(false);
    reached = part.until;
    await settled(left[0]?.range.from ?? reached);
  }
  for (let part = left[0]; part !== undefined; part = left[0]) {
    const own = await leaseUnit(lease, open(part), { patient: true });
    const { completed, counts = NOTHING_COUNTED } = own.state();
    if (completed !== undefined) {
      wasHelped = true;
      others = addCounts(others, counts);
      await own.release();
    } else if (!(await goOver(part, own))) return ended(false);
    left = left.slice(1);
    await settled(left[0]?.range.from ?? reached);
  }
  if (wasHelped && !(await work.lookAgain(job.now, [unit])).complete) return ended(false);
  if (pass.rest !== true) return ended(true);
  for await (const part of restParts(job.source, pass.range, pass.read)) {
    if (!(await goOver(part))) return ended(false);
  }
  return ended(true);
}

/** Goes over a part that this worker leased, and gives it back: completed, or open to others. */
export async function takePart(
  { now }: Job,
  {
    part,
    own,
    units,
    work,
  }: { readonly part: Part; readonly own: Unit; readonly units: readonly Unit[]; readonly work: PartWork },
): Promise<PartOutcome> {
  try {
    const outcome = await work.goOver(part, units);
    await own.release(outcome.complete ? { completed: isoTime(now), counts: outcome.counts } : {});
    return outcome;
  } catch (error) {
    await own.release().catch(() => undefined);
    throw error;
  }
}
