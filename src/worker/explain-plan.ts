import type { GroupPlan } from '../sources/plan.ts';
import type { TimeRange, Window } from '../sources/source.ts';
import { openSource } from './open.ts';
import type { Worker } from './worker.ts';

/** How the events of a source would be read. */
export interface SourcePlan {
  readonly source: string;
  readonly window: Window;
  readonly groups: readonly GroupPlan[];
}

/**
 * Plans the range of stored timestamps, or the whole horizon, source by source. Needs no setup, reads no events, writes
 * nothing and goes by this machine's clock.
 *
 * @throws SourceError where a source can't be asked.
 */
export async function explainPlans(
  worker: Pick<Worker, 'client' | 'config' | 'tables'>,
  range: TimeRange | undefined,
): Promise<readonly SourcePlan[]> {
  const now = Date.now();
  const { horizon, sources } = worker.config;
  const window: Window =
    range === undefined
      ? { by: 'arrival', range: { from: now - horizon, to: now }, overlap: 0 }
      : { by: 'timestamp', range };
  const plans: SourcePlan[] = [];
  for (const config of sources) {
    const { source } = await openSource(worker, config);
    plans.push({ source: source.name, window, groups: await source.explain(window) });
  }
  return plans;
}
