import { setTimeout as sleep } from 'node:timers/promises';
import { Cron } from 'croner';
import type { Schedule } from '../config/config.ts';
import type { Tables } from '../lookups/compile.ts';
import { ConfigError, MinecanaryError } from '../model/errors.ts';
import { type RunOptions, type RunOutcome, runOnce } from './run.ts';
import type { Worker } from './worker.ts';

export interface ScheduleOptions extends RunOptions {
  /** The tables to match with now; asked before each run. */
  readonly tables: () => Promise<Tables>;
  readonly told: (outcome: RunOutcome) => void;
}

/**
 * Runs by the configured schedule until the worker's signal; a run that takes longer than its turn delays the next. A
 * run that fails is told and tried again at its next turn: what it takes, somebody may mend meanwhile.
 *
 * @throws ConfigError where the schedule can't be read.
 */
export async function runBySchedule(
  worker: Omit<Worker, 'tables'>,
  { tables, told, ...options }: ScheduleOptions,
): Promise<void> {
  const { config, signal, report } = worker;
  const { schedule } = config;
  const wait = waitFor(schedule);
  let before: Tables | undefined;
  for (let first = true; !signal.aborted; first = false) {
    // By interval the first run begins at once; by cron it waits for its hour.
    const pause = first && 'interval' in schedule ? 0 : wait();
    report?.waits(pause);
    await pauseFor(pause, signal);
    if (signal.aborted) return;
    report?.runBegan();
    try {
      const current = await tables();
      const outcome = await runOnce(
        { ...worker, tables: current, ...(before === undefined ? {} : { before }) },
        options,
      );
      // Where a source failed, the next run still needs to know what came since it was settled.
      if (outcome.errors.length === 0) before = current;
      report?.runEnded(outcome.errors.map(({ code }) => code));
      told(outcome);
    } catch (error) {
      if (!(error instanceof MinecanaryError)) throw error;
      report?.runEnded([error.code]);
      worker.log.error(`The run failed and is tried again at its next turn: ${error.message}`, { error });
    }
  }
}

/** Longest pause that a timer of Node takes is 24.8 days; a longer one would end at once. */
const LONGEST_TIMER_MS = 86_400_000;

/** Ends early at the signal. */
async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let left = milliseconds; left > 0 && !signal.aborted; left -= LONGEST_TIMER_MS) {
    await sleep(Math.min(left, LONGEST_TIMER_MS), undefined, { signal }).catch(() => undefined);
  }
}

/** @throws ConfigError where the schedule can't be read, or names no time. */
export function checkSchedule(schedule: Schedule): void {
  waitFor(schedule);
}

/** Milliseconds to the next turn, at each call. */
function waitFor(schedule: Schedule): () => number {
  if ('interval' in schedule) {
    let last = performance.now();
    return () => {
      const pause = Math.max(0, schedule.interval - (performance.now() - last));
      last = performance.now() + pause;
      return pause;
    };
  }
  const { cron, timezone } = schedule;
  const turns = readCron(cron, timezone);
  if (turns.msToNext() === null) throw new ConfigError(`schedule.cron "${cron}" names no time that ever comes.`);
  return () => Math.max(0, turns.msToNext() ?? Infinity);
}

function readCron(cron: string, timezone: string): Cron {
  try {
    return new Cron(cron, { timezone, paused: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`schedule.cron "${cron}" can't be read: ${reason}`);
  }
}
