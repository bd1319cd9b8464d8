import { serverTime } from '../elastic/clock.ts';
import type { Tables } from '../lookups/compile.ts';
import { hashId } from '../matcher/incident.ts';
import type { Place } from '../model/place.ts';
import { isoTime } from '../model/time.ts';
import type { ReadOptions, TimeRange, Window } from '../sources/source.ts';
import { type BeforeWrite, matchAll } from './batch.ts';
import { openLearning } from './learning.ts';
import { noteFailures } from './ledger.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import { type PartOutcome, runPart, Unsettled } from './part.ts';
import { leaseUnit, type PassName, readUnit, type Unit, type UnitState } from './unit.ts';
import { createWindowWriter } from './window-writer.ts';
import { type Part, splitRange, sweepParts, timestampParts } from './windows.ts';
import type { Job } from './worker.ts';

/**
 * The passes over one source that are due: what is new since the checkpoint, then the whole horizon if that was long
 * ago, never, or under other lookups. The first sweep covers all that an incremental pass would have read.
 *
 * @returns whether the whole horizon was gone over.
 */
export async function runDue(job: Job): Promise<boolean> {
  const { signal } = job.worker;
  const begun = (await readBeginning(job)) !== undefined;
  if (begun) await withUnit(job, 'incremental', runIncremental);
  const state = await readUnit(job.worker.client, { source: job.source.name, pass: 'sweep' });
  let swept = false;
  if (!signal.aborted && isSweepDue(job, state)) {
    await withUnit(job, 'sweep', async (current, unit) => {
      // Another worker may have gone over it while this one waited.
      if (isSweepDue(current, unit.state())) swept = await runSweep(current, unit);
    });
  }
  if (!begun && swept) await withUnit(job, 'incremental', beginAfterSweep);
  if (!begun && !swept && !signal.aborted) await withUnit(job, 'incremental', runIncremental);
  return swept;
}

function isSweepDue({ worker: { config, tables }, now }: Job, state: UnitState | undefined): boolean {
  return (
    state?.completed === undefined ||
    state.digest !== decidedBy(tables) ||
    now - Date.parse(state.completed) >= config.sweep
  );
}

/** What decides which events count: other lookups or exceptions make the whole horizon due. */
export function decidedBy({ digest, exceptions }: Tables): string {
  return exceptions.live.length === 0 ? digest : hashId(digest, exceptions.digest);
}

/** Where an incremental pass begins, ISO 8601: its checkpoint, else where the last sweep stood; undefined before both. */
async function readBeginning({ worker: { client, config }, source: { name } }: Job): Promise<string | undefined> {
  const incremental = await readUnit(client, { source: name, pass: 'incremental' });
  if (incremental?.checkpoint !== undefined) return incremental.checkpoint;
  const sweep = await readUnit(client, { source: name, pass: 'sweep' });
  return sweep?.completed === undefined ? undefined : isoTime(Date.parse(sweep.completed) - config.lag);
}

async function beginAfterSweep(job: Job, unit: Unit): Promise<void> {
  const checkpoint = await readBeginning(job);
  if (checkpoint !== undefined && unit.state().checkpoint === undefined) await unit.save({ checkpoint });
}

/** Goes over what arrived since the checkpoint, which moves with what is settled. */
async function runIncremental(job: Job, unit: Unit): Promise<void> {
  const { source, plan, now, worker } = job;
  const { lag, overlap, horizon } = worker.config;
  const beginning = await readBeginning(job);
  const from = beginning === undefined ? now - horizon : Math.min(Date.parse(beginning), now);
  const toWindow = (range: TimeRange): Window => ({ by: 'arrival', range, overlap });
  await runPass(job, unit, {
    range: { from, to: now },
    read: { plan },
    parts: splitRange(source, { from, to: now }, toWindow, { plan }),
    // What becomes visible late is read again: the checkpoint stays behind Elasticsearch's clock by `lag`.
    checkpoint: (until) => isoTime(Math.max(from, Math.min(until, now - lag))),
    since: from,
  });
}

/** Goes over the whole horizon, and over what has no place in time; false where it was stopped. */
async function runSweep(job: Job, unit: Unit): Promise<boolean> {
  const { source, plan, now, worker, config } = job;
  const range = { from: now - worker.config.horizon, to: now };
  const read: ReadOptions = { plan, ...(config.tag ? { skipTaggedUnder: worker.tables.digest } : {}) };
  return runPass(job, unit, { range, read, parts: sweepParts(source, range, read) });
}

/** Goes over a range of stored timestamps, as for a backfill. */
export async function runRange(job: Job, range: TimeRange): Promise<void> {
  const read: ReadOptions = { plan: job.plan };
  const parts = timestampParts(job.source, range, read);
  await withUnit(job, 'range', (current, unit) => runPass(current, unit, { range, read, parts }), range);
}

/** Leases a unit for as long as the work on it takes, which begins at the time it has then: it may have waited. */
async function withUnit(
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

interface Pass {
  readonly range: TimeRange;
  readonly read: ReadOptions;
  readonly parts: AsyncIterable<Part>;
  /** The checkpoint to stand at once everything before `until` is settled; a pass without one is begun anew. */
  readonly checkpoint?: (until: number) => string;
  /** When the pass before this one may have begun; milliseconds since 1970 UTC. */
  readonly since?: number;
}

/** Reads, matches and writes part after part, and keeps the unit's books; false where it was stopped. */
async function runPass(
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
    noteFailures(worker.client, { source: source.name, now }, [...failures, ...refused]);
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
    if (checkpoint !== undefined) await unit.save({ checkpoint: checkpoint(part.until) });
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
