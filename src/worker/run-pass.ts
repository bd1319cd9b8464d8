import { serverTime } from '../elastic/clock.ts';
import { MinecanaryError } from '../model/errors.ts';
import { isoTime } from '../model/time.ts';
import type { TimeRange } from '../sources/source.ts';
import { helpWith } from './help.ts';
import { leaseUnit, type Unit } from './lease.ts';
import { addCounts } from './outcome.ts';
import { chooseMost } from './part-size.ts';
import { openPartWork } from './part-work.ts';
import { decidedBy, leaseOptions, type Pass } from './pass.ts';
import { goOverParts } from './share.ts';
import { tellPass } from './tell-pass.ts';
import { type PassName, unitOf } from './unit.ts';
import { countOrMany } from './windows.ts';
import type { Job } from './worker.ts';

export interface UnitWork {
  readonly pass: PassName;
  /** The range that somebody asked for, which has a unit of its own. */
  readonly range?: TimeRange;
  /** The pass over a range, where a worker that waits may help the one that has the unit. */
  readonly passOver?: (job: Job, range: TimeRange) => Pass;
  /** @param helped when the pass began that this worker helped with, ISO 8601. */
  readonly work: (job: Job, unit: Unit, helped: string | undefined) => Promise<unknown>;
}

/** Leases a unit for as long as the work on it takes, which begins at the time it has then: it may have waited. */
export async function withUnit(job: Job, { pass, range, passOver, work }: UnitWork): Promise<void> {
  const { client } = job.worker;
  const key = range === undefined ? {} : { from: isoTime(range.from), to: isoTime(range.to) };
  const what = unitOf({ source: job.config.name, pass, ...key });
  const help = passOver === undefined ? undefined : helpWith(job, what, passOver);
  const unit = await leaseUnit(leaseOptions(job.worker), what, help === undefined ? {} : { help: help.once });
  try {
    await work({ ...job, now: await serverTime(client) }, unit, help?.began());
  } catch (error) {
    // The error of the work says more than one of the release.
    const reason = error instanceof MinecanaryError ? error.message : String(error);
    await unit.release({ reason, most: undefined }).catch(() => undefined);
    throw error;
  }
  await unit.release();
}

/** Reads, matches and writes part after part, and keeps the unit's books; false where it was stopped. */
export function runPass(job: Job, unit: Unit, pass: Pass): Promise<boolean> {
  return tellPass(job, unit, (own) => goOver(own, unit, pass));
}

async function goOver(job: Job, unit: Unit, pass: Pass): Promise<boolean> {
  const { worker, source, now } = job;
  const { range, window, read, checkpoint } = pass;
  const lookups = decidedBy(worker.tables);
  const begin = { from: isoTime(range.from), to: isoTime(range.to), started: isoTime(now), lookups, most: undefined };
  await unit.save({ ...begin, attempts: unit.state().attempts + 1 });
  const counted = await countOrMany(source, window(range), read);
  const most = worker.partDocuments ?? (await chooseMost(job, pass, counted));
  // From then on other workers may help.
  if (counted > most) await unit.save({ most });
  const work = await openPartWork(job, pass);
  const shared = await goOverParts({ job, unit, pass, size: { most, counted }, work }, async (until) => {
    if (checkpoint === undefined) return;
    const settled = checkpoint(until);
    await unit.save({ checkpoint: settled });
    worker.report?.settled(source.name, Date.parse(settled));
  });
  if (!shared.complete) return false;
  const counts = addCounts(work.counts(), shared.others);
  await unit.save({
    counts,
    digest: lookups,
    attempts: 0,
    reason: undefined,
    most: undefined,
    completed: isoTime(now),
  });
  return true;
}
