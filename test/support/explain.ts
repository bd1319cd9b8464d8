import { compile, type Tables } from '../../src/lookups/compile.ts';
import { createExplainer, type Explanation } from '../../src/matcher/explain.ts';
import { createMatcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import type { ExceptionRow } from '../../src/schema/exceptions.ts';
import { TODAY, tablesOf } from './tables.ts';

export const OURS = { ip: '10.1.2.3' };

export function explainedBy(
  by: Tables,
  policy: Partial<Policy> = {},
): (event: EventDocument, time?: number) => Explanation {
  const whole = { ...DEFAULT_POLICY, ...policy };
  return createExplainer(createMatcher(by, whole), whole);
}

/** The lookups every test of the matcher knows, with exceptions. */
export function excepting(...rows: readonly Partial<ExceptionRow>[]): Tables {
  return compile(
    tablesOf().lookups,
    TODAY,
    rows.map((row) => ({ reason: 'our own pool', expires: '2027-01-01', ...row })),
  );
}
