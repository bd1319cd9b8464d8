import type { Place } from '../model/place.ts';
import { type BeforeWrite, matchAll } from './batch.ts';
import { openLearning } from './learning.ts';
import type { Unit } from './lease.ts';
import { noteFailures } from './ledger.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import { type PartOptions, type PartOutcome, runPart, runRelook, Unsettled } from './part.ts';
import type { Pass } from './pass.ts';
import { createWindowWriter } from './window-writer.ts';
import type { Part } from './windows.ts';
import type { Job } from './worker.ts';

/** What a worker has open to go over parts of a pass. Each is settled, and its failures noted, once it is done. */
export interface PartWork {
  /** @param units must be held for anything to be written. */
  goOver(part: Part, units: readonly Unit[]): Promise<PartOutcome>;
  /** Looks over the whole pass for what matches by addresses that other workers learned in parts of it. */
  lookAgain(since: number, units: readonly Unit[]): Promise<PartOutcome>;
  /** What came of all that was gone over. */
  counts(): Counts;
}

export async function openPartWork(job: Job, { range, window, read, since }: Pass): Promise<PartWork> {
  const { worker, source, now } = job;
  const { client, config, version } = worker;
  const open = (from = Infinity) => openLearning({ client, config, matcher: job.matcher, range, since: from });
  const learning = await open(since);
  let held: readonly Unit[] = [];
  let counts: Counts = NOTHING_COUNTED;
  const opened = performance.now();
  const clock = (): number => Math.floor(now + performance.now() - opened);
  const beforeWrite: BeforeWrite = async (step) => {
    await worker.beforeWrite(step);
    for (const unit of held) await unit.confirm();
  };
  const note = ({ failures, refused }: PartOutcome): Promise<void> =>
    noteFailures(client, { source: source.name, version, now }, [...failures, ...refused]);

  async function settle(
    units: readonly Unit[],
    taught: typeof learning,
    run: (options: PartOptions) => Promise<PartOutcome>,
  ): Promise<PartOutcome> {
    held = units;
    const before = counts;
    const progress = (soFar: Counts): void => worker.progress(source.name, addCounts(before, soFar));
    const writing = writingOf({ ...job, matcher: taught.matcher }, clock, beforeWrite);
    let outcome: PartOutcome;
    try {
      outcome = await run({ source, read, ...writing, learning: taught, progress, signal: worker.signal });
    } catch (error) {
      if (error instanceof Unsettled) await note(error.outcome);
      throw error;
    }
    job.add(outcome);
    counts = addCounts(counts, outcome.counts);
    if (outcome.complete) {
      await beforeWrite('checkpoint');
      await note(outcome);
    }
    return outcome;
  }

  return {
    counts: () => counts,
    goOver: (part, units) => settle(units, learning, (options) => runPart(part, options)),
    lookAgain: async (from, units) => settle(units, await open(from), (options) => runRelook(window(range), options)),
  };
}

function writingOf(
  { worker, config, source, matcher, indices, now }: Job,
  clock: () => number,
  beforeWrite: BeforeWrite,
) {
  const { client, tables, version } = worker;
  const { retention, alerts, tags } = worker.config;
  const options = {
    client,
    indices,
    matcher,
    context: { version, lookups: tables.digest, source: source.name, lifetime: { now, retention }, clock },
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
