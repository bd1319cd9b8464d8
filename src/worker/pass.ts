import { serverTime } from '../elastic/clock.ts';
import type { Tables } from '../lookups/compile.ts';
import { hashId } from '../matcher/incident.ts';
import type { Place } from '../model/place.ts';
import { isoTime } from '../model/time.ts';
import type { ReadOptions, TimeRange } from '../sources/source.ts';
import { type BeforeWrite, matchAll } from './batch.ts';
import { openLearning } from './learning.ts';
import { noteFailures } from './ledger.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import { type PartOutcome, runPart, Unsettled } from './part.ts';
import { tellPass } from './tell-pass.ts';
import { leaseUnit, type PassName, type Unit } from './unit.ts';
import { createWindowWriter } from './window-writer.ts';
import type { Part } from './windows.ts';
import type { Job } from './worker.ts';

/** What decides which events count: other lookups or exceptions make the whole horizon due. */
export function decidedBy({ digest, exceptions }: Tables): string {
  return exceptions.live.length === 0 ? digest : hashId(digest, exceptions.digest);
}

/** Leases a unit for as long as the work on it takes, which begins at the time it has then: it may have waited. */
export async function withUnit(
  job: Job,
  pass: PassName,
  work: (job: Job, unit: Unit) => Promise<unknown>,
  range?: TimeRange,
): Promise<void> {
  const { client, owner, version, config, signal } = job.worker;
  const key = range === undefined ? {} : { from: isoTime(range.from), to: isoTime(range.to) };
  const lease = { client, owner, version, ttl: config.lease.ttl, clock: () => performance.now(), signal };
  const unit = await leaseUnit(lease, { source: job.config.name, pass, ...key });
  try {
    await work({ ...job, now: await serverTime(client) }, unit);
  } catch (error) {
    // The error of the work says more than one of the release.
    await unit.release().catch(() => undefined);
    throw error;
  }
  await unit.release();
}

export interface Pass {
  readonly range: TimeRange;
  readonly read: ReadOptions;
  readonly parts: AsyncIterable<Part>;
  /** The checkpoint to stand at once everything before `until` is settled; a pass without one is begun anew. */
  readonly checkpoint?: (until: number) => string;
  /** When the pass before this one may have begun; milliseconds since 1970 UTC. */
  readonly since?: number;
}

/** Reads, matches and writes part after part, and keeps the unit's books; false where it was stopped. */
export function runPass(job: Job, unit: Unit, pass: Pass): Promise<boolean> {
  return tellPass(job, unit, (own) => goOver(own, unit, pass));
}

async function goOver(
  job: Job,
  unit: Unit,
  { range, read, parts, checkpoint, since = Infinity }: Pass,
): Promise<boolean> {
  const { worker, source, now } = job;
  const begin = { from: isoTime(range.from), to: isoTime(range.to), started: isoTime(now) };
  await unit.save({ ...begin, attempts: unit.state().attempts + 1 });
  const beforeWrite: BeforeWrite = async (step) => {
    await worker.beforeWrite(step);
    await unit.confirm();
  };
  const note = ({ failures, refused }: PartOutcome): Promise<void> =>
    noteFailures(worker.client, { source: source.name, version: worker.version, now }, [...failures, ...refused]);
  const { client, config } = worker;
  const learning = await openLearning({ client, config, matcher: job.matcher, range, since });
  const { match, writer } = writerOf({ ...job, matcher: learning.matcher }, beforeWrite);
  let counts: Counts = NOTHING_COUNTED;
  for await (const part of parts) {
    const before = counts;
    const progress = (soFar: Counts): void => worker.progress(source.name, addCounts(before, soFar));
    let outcome: PartOutcome;
    try {
      outcome = await runPart(part, { source, read, match, writer, learning, progress, signal: worker.signal });
    } catch (error) {
      if (error instanceof Unsettled) await note(error.outcome);
      throw error;
    }
    job.add(outcome);
    counts = addCounts(counts, outcome.counts);
    if (!outcome.complete) return false;
    await beforeWrite('checkpoint');
    await note(outcome);
    if (checkpoint === undefined) continue;
    const settled = checkpoint(part.until);
    await unit.save({ checkpoint: settled });
    worker.report?.settled(source.name, Date.parse(settled));
  }
  await unit.save({ counts, digest: decidedBy(worker.tables), attempts: 0, completed: isoTime(now) });
  return true;
}

function writerOf({ worker, config, source, matcher, indices, now }: Job, beforeWrite: BeforeWrite) {
  const { client, tables, version } = worker;
  const { retention, alerts, tags } = worker.config;
  const options = {
    client,
    indices,
    matcher,
    context: { version, lookups: tables.digest, source: source.name, lifetime: { now, retention } },
    tag: { enabled: config.tag, minScore: tags.min_score },
    alerts: { minSeverity: alerts.min_severity, remind: alerts.remind },
    beforeWrite,
    reread: (places: readonly Place[]) => source.reread(places),
  };
  return {
    match: (candidates: Parameters<typeof matchAll>[1]) => matchAll(matcher, candidates),
    writer: createWindowWriter(options),
  };
}
