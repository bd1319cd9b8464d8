import { plainText } from '../telemetry/plain.ts';
import type { DryRunOutcome } from '../worker/dry-run.ts';
import type { Outcome } from '../worker/outcome.ts';
import { print } from './session.ts';

/** What a run counted, for programs. */
export function outcomeObject(outcome: Outcome) {
  const { seen, candidates, matched, excepted, tagged, unchanged, failed, refused, incidents, alerts, seconds } =
    outcome;
  return {
    seen,
    candidates,
    matched,
    excepted,
    tagged,
    unchanged,
    failed,
    refused,
    incidents,
    alerts,
    seconds: Math.round(seconds * 1000) / 1000,
  };
}

/** The same in a sentence. */
export function outcomeLine(outcome: Outcome): string {
  const { seen, candidates, matched, excepted, tagged, unchanged, failed, refused, incidents, alerts, seconds } =
    outcome;
  const held = excepted === 0 ? '' : `, ${excepted} excepted`;
  return (
    `${seen} events seen, ${candidates} candidates, ${matched} matched${held}: ${tagged} tagged, ${unchanged} tagged before, ` +
    `${refused} can't be tagged, ${failed} failed; ${incidents} incidents written, ${alerts} new alerts ` +
    `(${seconds.toFixed(1)} s)`
  );
}

export function tellDryRun(outcome: DryRunOutcome, json: boolean): void {
  const { found } = outcome;
  if (json) {
    print(JSON.stringify({ ...outcomeObject(outcome), dry_run: true, found }));
    return;
  }
  print(`Nothing was written. A run would find ${found.length} incidents in ${outcome.matched} events:`);
  for (const { severity, score, reason } of found)
    print(`  ${severity.padEnd(8)} ${String(score).padStart(2)}  ${plainText(reason)}`);
}
