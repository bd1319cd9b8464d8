import { createMatcher } from '../matcher/match.ts';
import type { Place } from '../model/place.ts';
import { isoTime } from '../model/time.ts';
import type { ReadOptions, TimeRange, Window } from '../sources/source.ts';
import { type BeforeWrite, matchAll, writeBatch } from './batch.ts';
import { noteFailures } from './ledger.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import { runPart } from './part.ts';
import { leaseUnit, type PassName, readUnit, type Unit } from './unit.ts';
import { type Part, splitRange } from './windows.ts';
import { type Job, sourcePolicy } from './worker.ts';

/**
 * The passes over one source that are due: what is new since the checkpoint, then the whole horizon if that was long
 * ago, never, or under other lookups.
 *
 * @returns whether the whole horizon was gone over.
 */
export async function runDue(job: Job): Promise<boolean> {
  const { worker, now } = job;
  const { client, config, tables, signal } = worker;
  const source = job.source.name;
  const incremental = await readUnit(client, { source, pass: 'incremental' });
  const begun = incremental?.checkpoint !== undefined;
  if (begun) await withUnit(job, 'incremental', (unit) => runIncremental(job, unit));
  const sweep = await readUnit(client, { source, pass: 'sweep' });
  const age = sweep?.completed === undefined ? Infinity : now - Date.parse(sweep.completed);
  if (signal.aborted || (age < config.sweep && sweep?.digest === tables.digest)) return false;
  await withUnit(job, 'sweep', (unit) => runSweep(job, unit));
  if (signal.aborted) return false;
  // The first sweep covers all that an incremental pass would have read.
  if (!begun) await withUnit(job, 'incremental', (unit) => unit.save({ checkpoint: isoTime(now - config.lag) }));
  return true;
}

/** Goes over what arrived since the checkpoint, which moves with what is settled. */
async function runIncremental(job: Job, unit: Unit): Promise<void> {
  const { source, plan, now, worker } = job;
  const { lag, overlap, horizon } = worker.config;
  const { checkpoint } = unit.state();
  const from = checkpoint === undefined ? now - horizon : Math.min(Date.parse(checkpoint), now);
  const toWindow = (range: TimeRange): Window => ({ by: 'arrival', range, overlap });
  await runPass(job, unit, {
    range: { from, to: now },
    read: { plan },
    parts: splitRange(source, { from, to: now }, toWindow, { plan }),
    // What becomes visible late is read again: the checkpoint stays behind Elasticsearch's clock by `lag`.
    checkpoint: (until) => isoTime(Math.max(from, Math.min(until, now - lag))),
  });
}

/** Goes over the whole horizon, and over what has no place in time. */
async function runSweep(job: Job, unit: Unit): Promise<void> {
  const { source, plan, now, worker, config } = job;
  const range = { from: now - worker.config.horizon, to: now };
  const read: ReadOptions = { plan, ...(config.tag ? { skipTaggedUnder: worker.tables.digest } : {}) };
  async function* parts(): AsyncGenerator<Part> {
    yield* splitRange(source, range, (part) => ({ by: 'arrival', range: part, overlap: 0 }), read);
    const window: Window = { by: 'rest', after: now };
    yield { window, documents: await source.count(window, read), until: now };
  }
  await runPass(job, unit, { range, read, parts: parts() });
}

/** Goes over a range of stored timestamps, as for a backfill. */
export async function runRange(job: Job, range: TimeRange): Promise<void> {
  const read: ReadOptions = { plan: job.plan };
  const parts = splitRange(job.source, range, (part) => ({ by: 'timestamp', range: part }), read);
  await withUnit(job, 'range', (unit) => runPass(job, unit, { range, read, parts }), range);
}

/** Leases a unit for as long as the work on it takes. */
async function withUnit(
  { worker, config: { name } }: Job,
  pass: PassName,
  work: (unit: Unit) => Promise<void>,
  range?: TimeRange,
): Promise<void> {
  const { client, owner, version, config } = worker;
  const key = range === undefined ? {} : { from: isoTime(range.from), to: isoTime(range.to) };
  const lease = { client, owner, version, ttl: config.lease.ttl, clock: () => performance.now() };
  const unit = await leaseUnit(lease, { source: name, pass, ...key });
  try {
    await work(unit);
  } finally {
    await unit.release();
  }
}

interface Pass {
  readonly range: TimeRange;
  readonly read: ReadOptions;
  readonly parts: AsyncIterable<Part>;
  /** The checkpoint to stand at once everything before `until` is settled; a pass without one is begun anew. */
  readonly checkpoint?: (until: number) => string;
}

/** Reads, matches and writes part after part, and keeps the unit's books. */
async function runPass(job: Job, unit: Unit, { range, read, parts, checkpoint }: Pass): Promise<void> {
  const { worker, source, now } = job;
  const begin = { from: isoTime(range.from), to: isoTime(range.to), started: isoTime(now) };
  await unit.save({ ...begin, attempts: unit.state().attempts + 1 });
  const beforeWrite: BeforeWrite = async (step) => {
    unit.assertHeld();
    await worker.beforeWrite(step);
  };
  const { match, write } = writerOf(job, beforeWrite);
  let counts: Counts = NOTHING_COUNTED;
  for await (const part of parts) {
    const before = counts;
    const progress = (soFar: Counts): void => worker.progress(source.name, addCounts(before, soFar));
    const outcome = await runPart(part, { source, read, match, write, progress, signal: worker.signal });
    job.add(outcome);
    counts = addCounts(counts, outcome.counts);
    if (!outcome.complete) return;
    await beforeWrite('checkpoint');
    await noteFailures(worker.client, { source: source.name, now }, [...outcome.failures, ...outcome.refused]);
    if (checkpoint !== undefined) await unit.save({ checkpoint: checkpoint(part.until) });
  }
  await unit.save({ counts, digest: worker.tables.digest, attempts: 0, completed: isoTime(now) });
}

function writerOf({ worker, config, source, indices, now }: Job, beforeWrite: BeforeWrite) {
  const { client, tables, version } = worker;
  const { retention, alerts, tags } = worker.config;
  const matcher = createMatcher(tables, sourcePolicy(worker.config, config));
  const options = {
    client,
    indices,
    matcher,
    context: { version, lookups: tables.digest, lifetime: { now, retention } },
    tag: { enabled: config.tag, minScore: tags.min_score },
    alerts: { minSeverity: alerts.min_severity, remind: alerts.remind },
    beforeWrite,
    reread: (places: readonly Place[]) => source.reread(places),
  };
  return {
    match: (candidates: Parameters<typeof matchAll>[1]) => matchAll(matcher, candidates),
    write: (batch: Parameters<typeof writeBatch>[1]) => writeBatch(options, batch),
  };
}
