import { isNativeError } from 'node:util/types';
import { MinecanaryError } from '../model/errors.ts';
import type { Unit } from './lease.ts';
import type { Job } from './worker.ts';

/**
 * Goes over a source with a log whose lines carry the ids of pass and unit, and tells how it ended, there and to whoever
 * watches. A pass is named after its unit and the lease under which it worked, as the unit's document holds them.
 */
export async function tellPass(job: Job, unit: Unit, goOver: (job: Job) => Promise<boolean>): Promise<boolean> {
  const { report } = job.worker;
  const { source, pass } = unit.state();
  const log = job.worker.log.child({
    'minecanary.pass.id': `${unit.id}#${unit.fence}`,
    'minecanary.pass.name': pass,
    'minecanary.unit.id': unit.id,
    'minecanary.source': source,
  });
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  report?.passBegan(source, job.now);
  try {
    const complete = await goOver({ ...job, worker: { ...job.worker, log } });
    report?.passEnded({ source, pass, seconds: seconds(), complete });
    log.info(
      `The ${pass} pass over ${source} ${complete ? 'is complete' : 'was stopped'} (${seconds().toFixed(1)} s)`,
      {
        ...ended(complete ? 'success' : 'unknown', seconds()),
        ...(complete ? { minecanary: unit.state().counts } : {}),
      },
    );
    return complete;
  } catch (error) {
    const code = error instanceof MinecanaryError ? error.code : isNativeError(error) ? error.name : 'unknown';
    report?.passEnded({ source, pass, seconds: seconds(), complete: false });
    log.warn(`The ${pass} pass over ${source} ended early: ${code}`, ended('failure', seconds()));
    throw error;
  }
}

/** ECS: the duration in nanoseconds. */
function ended(outcome: 'success' | 'failure' | 'unknown', seconds: number) {
  return { 'event.action': 'pass', 'event.outcome': outcome, 'event.duration': Math.round(seconds * 1e9) };
}
