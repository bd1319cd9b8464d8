import type { estypes } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMatcher } from '../../../src/matcher/match.ts';
import { tagged } from '../../../src/matcher/tag.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { workerTag } from '../../../src/sinks/matched.ts';
import { tablesOf } from '../../support/tables.ts';
import { flat } from '../../support/tags.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

const DAY = 40;
const EVENT = {
  '@timestamp': daysAgo(DAY),
  source: { ip: '10.8.8.8' },
  destination: { ip: '51.15.58.224', port: 3333 },
};
const OTHER = {
  matched: { field: 'url.domain', atomic: 'evil.example', index: 'theirs' },
  indicator: { name: 'evil' },
};

const CASES: readonly (readonly [name: string, before: Record<string, unknown>])[] = [
  ['nothing', {}],
  ['a tag', { tags: 'one' }],
  ['tags', { tags: ['one', 'cryptomining'] }],
  ['null', { tags: null, threat: null }],
  ['a technique, nested', { threat: { framework: 'MITRE ATT&CK', technique: { id: 'T1059', name: ['Scripting'] } } }],
  ['a technique, dotted', { 'threat.technique.id': ['T1059'], 'threat.framework': 'theirs' }],
  ['a technique, mixed', { threat: { 'technique.id': 'T1059', tactic: { id: ['TA0002'] } } }],
  ['our own technique', { threat: { technique: { id: ['T1496'], subtechnique: { id: ['T1496.001'] } } } }],
  [
    'techniques as objects',
    { threat: { technique: [{ id: 'T1059' }, { id: 'T1071', subtechnique: { id: 'T1071.001' } }] } },
  ],
  ['threats as objects', { threat: [{ framework: 'a', technique: { id: ['T1059'] } }, { framework: 'b' }] }],
  ['enrichments', { threat: { enrichments: [OTHER] } }],
  ['one enrichment', { threat: { enrichments: OTHER } }],
  ['enrichments, dotted', { 'threat.enrichments': [OTHER] }],
  ['an indicator of theirs', { threat: { indicator: { type: 'domain-name', name: 'evil.example' } } }],
  ['what is close by', { threatening: true, minecanaries: 2 }],
  ['an earlier tag', { minecanary: { kind: ['url'], note: 'theirs' }, tags: ['T1496'] }],
  ['much else', { message: 'x'.repeat(5000), nested: { deep: [{ a: 1 }, { a: [null, 2] }] }, 'a.b': 1.0, empty: {} }],
];
const PLAIN = { type: 'object', properties: { matched: { properties: { field: { type: 'keyword' } } } } } as const;

const keyword = { type: 'keyword' } as const;
const MAPPINGS: readonly (readonly [how: string, mappings: estypes.MappingTypeMapping])[] = [
  [
    'nested',
    {
      properties: {
        tags: keyword,
        threat: { properties: { enrichments: { type: 'nested' }, framework: keyword } },
        minecanary: { properties: { kind: keyword, lookups: keyword, stage: keyword } },
      },
    },
  ],
  ['plain', { properties: { threat: { properties: { enrichments: PLAIN } } } }],
  ['dynamic', {}],
  ['unmapped', { dynamic: false, properties: { '@timestamp': { type: 'date' } } }],
];

describe.each(MAPPINGS)('what an event holds survives its tag, where that is %s', (how, mappings) => {
  const settings = () => ({ source: { index: `${corner.name}-${how}-*` }, range: around(DAY) });
  const idOf = (i: number) => `${how}-${i}`;

  beforeAll(async () => {
    for (const [i, [, before]] of CASES.entries()) {
      const index = await corner.index(`-${how}-${i}`, { mappings });
      await corner.put(index, { [idOf(i)]: { ...EVENT, ...before } });
    }
    const outcome = await corner.run(settings());
    expect(outcome).toMatchObject({ errors: [], tagged: CASES.length, failed: 0, refused: 0 });
  });

  test.each(CASES.map(([name, before], i) => [name, i, before] as const))('%s', async (_, i, before) => {
    const event = { ...EVENT, ...before };
    const { source, index } = await corner.event(idOf(i));
    const tables = tablesOf();
    const evidence = createMatcher(tables, { ...DEFAULT_POLICY, scope: corner.name }).match(event);
    if (evidence === undefined) throw new Error('nothing matches');
    const now = Date.parse(String(at(source, 'minecanary.tagged')));
    const place = { index, id: idOf(i), home: index, seqNo: 0, primaryTerm: 1 };
    const version = String(at(source, 'minecanary.version'));
    const lifetime = { now, retention: corner.config().retention };
    const tag = workerTag(
      { event, place, evidence },
      { version, lookups: tables.digest, source: corner.name, lifetime, clock: () => now },
    );
    expect(source).toEqual(tagged(event, tag));
    expect(flat(source)).toEqual(expect.arrayContaining(flat(before)));
  });

  test('and a second pass changes none of it', async () => {
    const before = await corner.events();
    const outcome = await corner.run(settings());
    expect(outcome).toMatchObject({ errors: [], tagged: 0, unchanged: CASES.length, failed: 0 });
    expect(await corner.events()).toEqual(before);
  });
});
