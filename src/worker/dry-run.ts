import type { Incident } from '../model/incident.ts';
import { createIncidentsInMemory, type IncidentsInMemory } from '../sinks/incidents-in-memory.ts';
import type { ReadOptions } from '../sources/source.ts';
import { matchAll, NOTHING_WRITTEN } from './batch.ts';
import { openLearning } from './learning.ts';
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

/**
 * Reads the range, or the whole horizon, and adds up what matches, in memory. Needs no setup, writes nothing and goes
 * by this machine's clock.
 */
export async function dryRun(worker: Worker, { range, plan }: RunOptions): Promise<DryRunOutcome> {
  const started = performance.now();
  const now = Date.now();
  const incidents = createIncidentsInMemory({ now, retention: worker.config.retention });
  const errors: RunOutcome['errors'][number][] = [];
  let counts: Counts = NOTHING_COUNTED;
  const writer = lookOnly(incidents);
  for (const config of worker.config.sources) {
    try {
      const { source, matcher } = await openSource(worker, config);
      const read: ReadOptions = { plan };
      const over = range ?? { from: now - worker.config.horizon, to: now };
      const learning = await openLearning({ ...worker, matcher, range: over });
      const parts = range === undefined ? sweepParts(source, over, read) : timestampParts(source, range, read);
      for await (const part of parts) {
        const outcome = await runPart(part, {
          source,
          read,
          signal: worker.signal,
          match: (candidates) => matchAll(learning.matcher, candidates),
          writer,
          learning,
          progress: (soFar) => worker.progress(source.name, soFar),
        });
        counts = addCounts(counts, outcome.counts);
      }
    } catch (error) {
      if (!endsOneSource(error)) throw error;
      errors.push(error);
    }
  }
  const { min_severity: minSeverity, remind } = worker.config.alerts;
  const found = incidents.list();
  const alerts = incidents.alerts({ version: worker.version, minSeverity, remind }).length;
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
function lookOnly(incidents: IncidentsInMemory): WindowWriter {
  return {
    add(batch) {
      for (const { event, evidence } of batch) incidents.add(event, evidence);
      return Promise.resolve(NOTHING_WRITTEN);
    },
    finish: () => Promise.resolve(NOTHING_WRITTEN),
  };
}
