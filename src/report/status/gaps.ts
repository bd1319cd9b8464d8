import { roughDuration } from '../../model/duration.ts';
import type { Gap } from './report.ts';
import type { PassStatus, SourceStatus } from './source.ts';

export interface GapOptions {
  /** Milliseconds, as the other. */
  readonly maxAge: number;
  /** How often a sweep is due. */
  readonly sweep: number;
  /** How a time (ISO 8601, UTC) is told in a gap's text. */
  readonly moment: (time: string) => string;
}

/** The gaps of one source, each once: where nothing was gone over for long, the sweep is no gap of its own. */
export function gapsOf(source: SourceStatus, options: GapOptions): Gap[] {
  const { name, checkpoint, lag_seconds: lag } = source;
  if (checkpoint === undefined || lag === undefined) {
    return [{ source: name, kind: 'never', text: `${name} was never gone over: start \`minecanary run\`` }];
  }
  const behind = lag * 1000 > options.maxAge;
  const gaps: Gap[] = [];
  if (behind) {
    const text = `${name} is ${rough(lag)} behind: what arrived since ${options.moment(checkpoint)} was not gone over`;
    gaps.push({ source: name, kind: 'behind', text });
  } else gaps.push(...sweepGap(source, options));
  return [...gaps, ...failureGap(source, options)];
}

function sweepGap(
  { name, sweep: { age_seconds: age, completed } }: SourceStatus,
  { maxAge, sweep, moment }: GapOptions,
): Gap[] {
  if (age === undefined || completed === undefined) {
    return [{ source: name, kind: 'sweep', text: `the horizon of ${name} was never gone over as a whole` }];
  }
  if (age * 1000 <= sweep + maxAge) return [];
  const text = `the last sweep of ${name} began ${rough(age)} ago, at ${moment(completed)}`;
  return [{ source: name, kind: 'sweep', text }];
}

/**
 * Documents that could not be written, for so long or since a pass was due that was not completed: each pass names them
 * anew, so that the ledger knows no more than when it was tried last.
 */
function failureGap(source: SourceStatus, { maxAge, sweep: every }: GapOptions): Gap[] {
  const { name, open, open_age_seconds: noted = 0, incremental, sweep } = source;
  if (open === 0) return [];
  const overdue = (pass: PassStatus, after: number): boolean =>
    pass.attempts > 0 && pass.age_seconds !== undefined && pass.age_seconds * 1000 > after + maxAge;
  if (noted * 1000 <= maxAge && !overdue(incremental, 0) && !overdue(sweep, every)) return [];
  return [{ source: name, kind: 'failures', text: `${open} documents of ${name} could not be written yet` }];
}

function rough(seconds: number): string {
  return roughDuration(seconds * 1000);
}

/** `2026-11-24 10:20 UTC` */
export function utcMoment(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
