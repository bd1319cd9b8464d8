import { isAlertable } from '../matcher/due.ts';
import { createTally, incidentId, incidentOf } from '../matcher/incident.ts';
import type { Incident } from '../model/incident.ts';
import { dayOf, type Lifetime } from '../model/time.ts';
import type { ReadOptions } from '../sources/source.ts';
import { matchAll, NOTHING_WRITTEN } from './batch.ts';
import { openSource } from './open.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import { endsOneSource, runPart } from './part.ts';
import type { RunOptions, RunOutcome } from './run.ts';
import type { WindowWriter } from './window-writer.ts';
import { sweepParts, timestampParts } from './windows.ts';
import type { Worker } from './worker.ts';

/** What a run would find, most severe first. */
export interface DryRunOutcome extends RunOutcome {
  readonly found: readonly Incident[];
}

type Tally = ReturnType<typeof createTally>;

/**
 * Reads the range, or the whole horizon, and adds up what matches, in memory. Needs no setup, writes nothing and goes
 * by this machine's clock.
 */
export async function dryRun(worker: Worker, { range, plan }: RunOptions): Promise<DryRunOutcome> {
  const started = performance.now();
  const now = Date.now();
  const lifetime = { now, retention: worker.config.retention };
  const tallies = new Map<string, Tally>();
  const errors: RunOutcome['errors'][number][] = [];
  let counts: Counts = NOTHING_COUNTED;
  const writer = lookOnly(tallies, lifetime);
  for (const config of worker.config.sources) {
    try {
      const { source, matcher } = await openSource(worker, config);
      const read: ReadOptions = { plan };
      const parts =
        range === undefined
          ? sweepParts(source, { from: now - worker.config.horizon, to: now }, read)
          : timestampParts(source, range, read);
      for await (const part of parts) {
        const outcome = await runPart(part, {
          source,
          read,
          signal: worker.signal,
          match: (candidates) => matchAll(matcher, candidates),
          writer,
          progress: (soFar) => worker.progress(source.name, soFar),
        });
        counts = addCounts(counts, outcome.counts);
      }
    } catch (error) {
      if (!endsOneSource(error)) throw error;
      errors.push(error);
    }
  }
  const found = [...tallies.values()].map((one) => incidentOf(one.tally())).sort((a, b) => b.score - a.score);
  const alerts = found.filter((incident) => isAlertable(incident, worker.config.alerts.min_severity)).length;
  return {
    ...counts,
    incidents: found.length,
    alerts,
    found,
    errors,
    failures: [],
    refusals: [],
    seconds: (performance.now() - started) / 1000,
  };
}

/** Adds up what would be written. */
function lookOnly(tallies: Map<string, Tally>, lifetime: Lifetime): WindowWriter {
  return {
    add(batch) {
      for (const { evidence } of batch) {
        const day = dayOf(evidence.time, lifetime);
        const id = incidentId(evidence.scope, evidence.entity, day);
        const tally = tallies.get(id) ?? createTally(evidence.scope, evidence.entity, day);
        tallies.set(id, tally);
        tally.add(evidence);
      }
      return Promise.resolve(NOTHING_WRITTEN);
    },
    finish: () => Promise.resolve(NOTHING_WRITTEN),
  };
}
