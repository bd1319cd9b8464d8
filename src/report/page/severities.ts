import type { Severity } from '../../model/match.ts';
import { SEVERITIES } from '../../model/severity.ts';

/** Most severe first. */
export const WORST_FIRST: readonly Severity[] = SEVERITIES.toReversed();

/** Of an incident whose score is below that of `low` there is no word. */
export function severityName(severity: Severity): string {
  return severity === 'none' ? 'below low' : severity;
}
