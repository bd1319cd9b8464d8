import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { tagChange, tagged } from '../../../src/matcher/tag.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import {
  CONNECTED,
  flat,
  foreign,
  frozen,
  isKept,
  type Json,
  LATER,
  LOOKED_UP,
  type Made,
  made,
  merged,
  TAG,
  valuesOf,
} from '../../support/tags.ts';

const WORDS = ['threat', 'technique', 'subtechnique', 'tactic', 'enrichments', 'indicator', 'id', 'name', 'framework'];
const OWN = ['tags', 'minecanary', 'score', 'kind', 'incident', 'lookups'];
const keys = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS, ...OWN) },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }).map((all) => all.join('.')),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'threat.technique.id',
      'threat.technique',
      'threat.tactic',
      'minecanary.score',
      'tags.x',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', '', '.', 'threat.', '.threat', 'host') },
);
const scalars = fc.oneof(
  fc.constantFrom('T1496', 'T1059', 'TA0040', 'MITRE ATT&CK', 'cryptomining', 'minexmr.com', 73, 21, 'high', 'worker'),
  fc.constantFrom(true, null, '', 0),
);
const { object: wild } = fc.letrec<{ object: Json; value: unknown }>((tie) => ({
  object: fc.array(fc.tuple(keys, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalars,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const tags = fc
  .record({
    event: fc.constantFrom<EventDocument>(LOOKED_UP, CONNECTED, { destination: { port: 3333 } }),
    made: fc.constantFrom<Made>({}, LATER, { stage: 'scan' }, { incidentId: 'incident-2' }),
  })
  .map(({ event, made: how }) => made(event, how));

/** Sets a value under a path, cut into keys after the segments whose bit is set. */
function spell(event: Record<string, unknown>, path: readonly string[], cuts: number): void {
  const names: string[] = [];
  for (const [i, segment] of path.entries()) {
    if (i === 0 || (cuts >> i) & 1) names.push(segment);
    else names.push(`${names.pop()}.${segment}`);
  }
  const last = names.pop() ?? '';
  const parent = names.reduce((inner, key) => (inner[key] ??= {}) as Record<string, unknown>, event);
  parent[last] ??= `old ${path.join(' ')}`;
}

/** What a document says, whatever the spelling and order. */
function told(document: Json): string[] {
  return [...new Set(flat(document).map(([name, value]) => `${name} ${String(value)}`))].sort();
}

describe('on any JSON', () => {
  test('nothing is lost, a merge gives the same, and a second time nothing changes', () => {
    fc.assert(
      fc.property(wild, tags, (event, tag) => {
        frozen(event);
        const { doc, blocked } = tagChange(event, tag);
        const after = tagged(event, tag);
        expect(merged(event, doc ?? {})).toEqual(after);
        expect(isKept(foreign(event), foreign(after))).toBe(true);
        expect(flat(event).filter(([name]) => !valuesOf(after, name).length)).toEqual([]);
        expect(tagChange(frozen(after), tag)).toEqual({ doc: undefined, blocked });
      }),
      { numRuns: 1000 },
    );
  });

  test('all that is not blocked is there afterwards, once', () => {
    fc.assert(
      fc.property(wild, (event) => {
        const { doc, blocked } = tagChange(event, TAG);
        const after = tagged(event, TAG);
        for (const [field, wanted] of flat({ tags: TAG.tags, threat: { ...TAG.threat, enrichments: [] } })) {
          const before = valuesOf(event, field);
          const single = field === 'threat.framework';
          const adds = single ? before.length === 0 : !before.includes(wanted);
          const added = doc !== undefined && adds && !blocked.includes(field);
          const others = valuesOf(after, field).filter((value) => value !== wanted);
          expect(others).toEqual(expect.arrayContaining(before.filter((value) => value !== wanted)));
          const times = before.filter((value) => value === wanted).length;
          expect([field, valuesOf(after, field).filter((value) => value === wanted).length]).toEqual([
            field,
            times + (added ? 1 : 0),
          ]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('an event spelled in any way takes the whole tag, and is then read as the nested one is', () => {
    const leaves = [
      ['threat', 'framework'],
      ['threat', 'tactic', 'id'],
      ['threat', 'technique', 'id'],
      ['threat', 'technique', 'subtechnique', 'id'],
      ['tags'],
      ['minecanary', 'kind'],
    ] as const;
    const events = fc.array(fc.tuple(fc.constantFrom(...leaves), fc.nat(15)), { maxLength: 8 });
    fc.assert(
      fc.property(events, (spelled) => {
        const event: Record<string, unknown> = {};
        const plain: Record<string, unknown> = {};
        for (const [path, cuts] of spelled) {
          spell(event, path, cuts);
          spell(plain, path, 15);
        }
        expect(tagChange(frozen(event), TAG).blocked).toEqual([]);
        expect(told(tagged(event, TAG))).toEqual(told(tagged(plain, TAG)));
      }),
    );
  });
});
