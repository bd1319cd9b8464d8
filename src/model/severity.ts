import type { Severity } from './match.ts';

/** Lowest score of each severity; the number is also the alert's `event.severity`. */
export const SEVERITY_FLOOR = { none: 0, low: 21, medium: 47, high: 73, critical: 99 } as const satisfies Record<
  Severity,
  number
>;
export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];

/** @param score 0..99, rounded. */
export function severityOf(score: number): Severity {
  return SEVERITIES.findLast((severity) => score >= SEVERITY_FLOOR[severity]) ?? 'none';
}

export function atLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITY_FLOOR[severity] >= SEVERITY_FLOOR[floor];
}
