import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/lookups/compile.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { CLIENT, connection, dns, learnedFrom, POOL, POOLS } from '../../support/learning.ts';
import { lookupOf, matcherOf, TODAY } from '../../support/tables.ts';

/** What an answer teaches beside an exception, and what of a connection is matched that was taught without. */
function withException(exception: { readonly indicator?: string; readonly entity?: string }) {
  const row = { reason: 'ours', expires: '2027-01-01', ...exception };
  const tables = compile([lookupOf('domain', POOLS.domain ?? [])], TODAY, [row]);
  const taught = learnedFrom(matcherOf(POOLS), [dns()]);
  return {
    learned: learnedFrom(createMatcher(tables), [dns()]).addresses.size,
    matched: createMatcher(tables, DEFAULT_POLICY, taught).match(connection()),
  };
}

describe('exceptions', () => {
  test('of the name except what it leads to, also where that was learned before', () => {
    expect(withException({ indicator: 'minexmr.com' })).toEqual({ learned: 0, matched: undefined });
  });

  test('of the entity let it teach nothing', () => {
    expect(withException({ entity: CLIENT })).toMatchObject({ learned: 0, matched: { excepted: 'ours' } });
  });

  test('of the address except it alone', () => {
    expect(withException({ indicator: POOL })).toMatchObject({ learned: 1, matched: { excepted: 'ours' } });
  });

  test('of another name change nothing', () => {
    expect(withException({ indicator: 'own.example' })).toMatchObject({ learned: 1, matched: { score: 47 } });
  });
});
