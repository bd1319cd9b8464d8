import { addedSince, isEmpty } from '../lookups/added.ts';
import type { Tables } from '../lookups/compile.ts';
import { isoTime } from '../model/time.ts';
import type { ReadOptions, TimeRange, Window } from '../sources/source.ts';
import { openSource } from './open.ts';
import { decidedBy, runPass, withUnit } from './pass.ts';
import { readUnit, type Unit, type UnitState } from './unit.ts';
import { splitRange, sweepParts, timestampParts } from './windows.ts';
import type { Job } from './worker.ts';

/**
 * The passes over one source that are due: what is new since the checkpoint, then the whole horizon if that was long
 * ago, never, or under other lookups; where it is known which indicators came since, it is gone over for those alone.
 * The first sweep covers all that an incremental pass would have read.
 *
 * @returns whether the whole horizon was gone over.
 */
export async function runDue(job: Job): Promise<boolean> {
  const { signal } = job.worker;
  const begun = (await readBeginning(job)) !== undefined;
  if (begun) await withUnit(job, 'incremental', runIncremental);
  let swept = false;
  const state = await huntForAdded(job, await readUnit(job.worker.client, { source: job.source.name, pass: 'sweep' }));
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

function isSweepDue(job: Job, state: UnitState | undefined): boolean {
  return state?.digest !== decidedBy(job.worker.tables) || isLongAgo(job, state);
}

function isLongAgo({ worker: { config }, now }: Job, { completed }: UnitState): boolean {
  return completed === undefined || now - Date.parse(completed) >= config.sweep;
}

/**
 * The retro-hunt: where the last sweep is not long ago and went by the tables of this process's run before, the horizon
 * is gone over for the indicators that came since, which is all that a sweep would find more.
 *
 * @returns how the sweep's unit stands then.
 */
async function huntForAdded(job: Job, state: UnitState | undefined): Promise<UnitState | undefined> {
  const { before, tables, signal } = job.worker;
  const isAfter = (sweep: UnitState | undefined): sweep is UnitState =>
    before !== undefined &&
    sweep !== undefined &&
    sweep.digest === decidedBy(before) &&
    before.exceptions.digest === tables.exceptions.digest &&
    !isLongAgo(job, sweep);
  if (before === undefined || before === tables || !isAfter(state) || signal.aborted) return state;
  const added = addedSince(before, tables, isoTime(job.now).slice(0, 10));
  let settled = isEmpty(added);
  if (!settled) {
    await withUnit(job, 'retro-hunt', async (current, unit) => {
      settled = await runRetroHunt(current, unit, added);
    });
  }
  if (!settled) return state;
  let now: UnitState | undefined = state;
  await withUnit(job, 'sweep', async (_, unit) => {
    // Another worker may have swept meanwhile.
    if (isAfter(unit.state())) await unit.save({ digest: decidedBy(tables) });
    now = unit.state();
  });
  return now;
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
  if (checkpoint === undefined || unit.state().checkpoint !== undefined) return;
  await unit.save({ checkpoint });
  job.worker.report?.settled(job.source.name, Date.parse(checkpoint));
}

/** Goes over what arrived since the checkpoint, which moves with what is settled. */
async function runIncremental(job: Job, unit: Unit): Promise<void> {
  const { source, plan, now, worker } = job;
  const { lag, overlap, horizon } = worker.config;
  const beginning = await readBeginning(job);
  const from = beginning === undefined ? now - horizon : Math.min(Date.parse(beginning), now);
  if (beginning !== undefined) worker.report?.settled(source.name, from);
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

/** Goes over the whole horizon for some indicators; what it finds is matched with all. False where it was stopped. */
async function runRetroHunt(job: Job, unit: Unit, added: Tables): Promise<boolean> {
  const { plan, now, worker } = job;
  const { source } = await openSource({ ...worker, tables: added }, job.config);
  const range = { from: now - worker.config.horizon, to: now };
  const read: ReadOptions = { plan };
  return runPass({ ...job, source }, unit, { range, read, parts: sweepParts(source, range, read) });
}

/** Goes over a range of stored timestamps, as for a backfill. */
export async function runRange(job: Job, range: TimeRange): Promise<void> {
  const read: ReadOptions = { plan: job.plan };
  const parts = timestampParts(job.source, range, read);
  await withUnit(job, 'range', (current, unit) => runPass(current, unit, { range, read, parts }), range);
}
