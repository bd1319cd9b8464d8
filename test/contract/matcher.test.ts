import { describe, expect, test } from '@jest/globals';
import { compile } from '../../src/lookups/compile.ts';
import { parseLookup } from '../../src/lookups/parse.ts';
import { createMatcher } from '../../src/matcher/match.ts';
import { indicatorName } from '../../src/model/indicator.ts';
import type { Evidence } from '../../src/model/match.ts';
import { DEFAULT_POLICY } from '../../src/model/policy.ts';
import { isoTime } from '../../src/model/time.ts';
import { contractCases, contractLookups, type Expected, TOPICS } from './cases.ts';

const tables = compile(
  contractLookups().flatMap((text) => parseLookup(text, 'lookups.json').lookup ?? []),
  '2026-11-24',
);

/** Evidence in the words of the contract; scope and time where the case tells them. */
function told(evidence: Evidence | undefined, about: Expected | null): Expected | null {
  if (evidence === undefined) return null;
  const { score, severity, entity, direction, denied, scope, time } = evidence;
  const matches = evidence.matches.map(({ observable: { field, side, kind, value }, indicator, points }) => {
    return { field, side, kind, value, indicator: indicatorName(indicator), points };
  });
  return {
    matches: sorted(matches),
    score,
    severity,
    entity,
    direction,
    denied,
    ...(about?.scope === undefined ? {} : { scope }),
    ...(about?.time === undefined ? {} : { time: time === undefined ? null : isoTime(time) }),
  };
}

function sorted(matches: Expected['matches']): Expected['matches'] {
  return matches.toSorted((a, b) => (JSON.stringify([a.field, a.value]) < JSON.stringify([b.field, b.value]) ? -1 : 1));
}

test('the lookups of the contract are good', () => {
  expect(tables.lookups).toHaveLength(contractLookups().length);
});

describe.each(TOPICS)('%s', (topic) => {
  const cases = contractCases(topic);

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { event, policy, expect: expected }) => {
    const matcher = createMatcher(tables, { ...DEFAULT_POLICY, ...policy });
    const wanted = expected && { ...expected, matches: sorted(expected.matches) };
    expect(told(matcher.match(event), expected)).toEqual(wanted);
  });

  test('names are distinct', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});
