import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compile } from '../../../src/lookups/compile.ts';
import { createLearning } from '../../../src/lookups/learned.ts';
import { parseLookup } from '../../../src/lookups/parse.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { createPrefilter, type Prefilter } from '../../../src/matcher/prefilter.ts';
import { createSifter } from '../../../src/matcher/sift.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { readLine } from '../../../src/sources/ndjson.ts';
import { contractCases, contractLookups, TOPICS } from '../../contract/cases.ts';
import { spellJson } from '../../support/hostile-json.ts';
import { randomEvents } from '../../support/random-events.ts';
import { sampleEvents } from '../../support/sample/index.ts';
import { createRandom } from '../../support/sample/prng.ts';
import { tablesOf } from '../../support/tables.ts';

const tables = tablesOf();
const policy = { ...DEFAULT_POLICY, fields: { 'process.args': ['cmd.parts'], 'destination.domain': ['fw.host'] } };
const matcher = createMatcher(tables, policy);

function isClear(prefilter: Prefilter, line: Buffer | string): boolean {
  const bytes = Buffer.concat([Buffer.from(line), Buffer.from('\n')]);
  const past = prefilter.skip(bytes, 0);
  expect([-1, bytes.length]).toContain(past);
  return past > 0;
}

/** What the plain path makes of a line. */
function plain(bytes: Buffer): 'unreadable' | 'matches' | 'nothing' {
  const line = readLine({ number: 1, bytes, ending: '\n' });
  if ('reason' in line) return 'unreadable';
  return matcher.match(line.event) === undefined ? 'nothing' : 'matches';
}

const wrapped = (event: EventDocument): EventDocument => ({ _index: 'x', _id: '1', _source: event });
const texts = fc
  .tuple(randomEvents, fc.constantFrom('plain', 'hostile', 'wrapped'), fc.integer())
  .map(([event, how, seed]) => {
    if (how === 'plain') return JSON.stringify(event);
    return spellJson(how === 'wrapped' ? wrapped(event) : event, createRandom(seed));
  });

test('a line that is passed over is valid, and does not match, however it is spelled', () => {
  const prefilter = createPrefilter(createSifter(tables, policy));
  const seen = { clear: 0, nothing: 0, matches: 0, unreadable: 0 };
  fc.assert(
    fc.property(texts, (text) => {
      const outcome = plain(Buffer.from(text));
      const clear = isClear(prefilter, text);
      seen[outcome] += 1;
      if (clear) seen.clear += 1;
      expect([text, clear && outcome !== 'nothing']).toEqual([text, false]);
      // What is known by now changes nothing.
      expect([text, isClear(prefilter, text)]).toEqual([text, clear]);
    }),
    { numRuns: 1500 },
  );
  expect(seen.matches).toBeGreaterThan(200);
  expect(seen.clear).toBeGreaterThan(200);
});

test('a line that is damaged is never passed over', () => {
  const prefilter = createPrefilter(createSifter(tables, policy));
  const bytes = '"\\{}[],:0-+.eEtfn \t\r\u0000u\u001f\u00ff\u0080'.split('').map((char) => char.charCodeAt(0));
  const damage = fc.record({
    at: fc.nat(),
    take: fc.nat(3),
    put: fc.array(fc.constantFrom(...bytes), { maxLength: 3 }),
  });
  const seen = { clear: 0, unreadable: 0 };
  fc.assert(
    fc.property(texts, fc.array(damage, { minLength: 1, maxLength: 20 }), (text, damages) => {
      isClear(prefilter, text);
      const whole = Buffer.from(text);
      for (const { at, take, put } of damages) {
        const start = at % whole.length;
        const broken = Buffer.concat([whole.subarray(0, start), Buffer.from(put), whole.subarray(start + take)]);
        if (broken.includes(0x0a)) continue;
        const outcome = plain(broken);
        const clear = isClear(prefilter, broken);
        if (outcome === 'unreadable') seen.unreadable += 1;
        if (clear) seen.clear += 1;
        expect([broken.toString('latin1'), clear && outcome !== 'nothing']).toEqual([broken.toString('latin1'), false]);
      }
    }),
    { numRuns: 500 },
  );
  expect(seen.unreadable).toBeGreaterThan(1000);
  expect(seen.clear).toBeGreaterThan(200);
});

test.each([
  ['nothing', ''],
  ['blanks', ' \t\r'],
  ['no object', '[{"a":1}]'],
  ['two objects', '{"a":1}{"a":1}'],
  ['a byte order mark', '\ufeff{"a":1}'],
  ['an object that ends too early', '{"a":{"b":1}'],
  ['a comma too many', '{"a":[1,],"b":2}'],
  ['a number with a leading zero', '{"a":01}'],
  ['a word that is none', '{"a":nul}'],
  ['a bad escape', '{"a":"\\x"}'],
  ['a short escape', '{"a":"\\u12g4"}'],
  ['a control character', '{"a":"\u0001"}'],
  ['a key without quotes', '{a:1}'],
  ['many levels', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
])('%s is left to the parser', (_what, line) => {
  const prefilter = createPrefilter(createSifter(tables, policy));
  expect(isClear(prefilter, '{"a":1,"b":"x"}')).toBe(true);
  expect(isClear(prefilter, line)).toBe(false);
});

test('UTF-8 that is none is left to the parser, in keys and values', () => {
  const prefilter = createPrefilter(createSifter(tables, policy));
  for (const line of ['{"é":"x","b":{"c":"é"}}', '{"é":"é","message":"é"}']) {
    for (let i = 0; i < 2; i += 1) {
      expect(isClear(prefilter, line)).toBe(true);
      expect(isClear(prefilter, Buffer.from(line, 'latin1'))).toBe(false);
    }
  }
});

test('no case of the contract that matches is passed over, however it is spelled', () => {
  const known = compile(
    contractLookups().flatMap((text) => parseLookup(text, 'lookups.json').lookup ?? []),
    '2026-11-24',
  );
  const random = createRandom(7);
  let checked = 0;
  for (const { event, policy: own, expect: expected } of TOPICS.flatMap(contractCases)) {
    if (expected === null) continue;
    const prefilter = createPrefilter(createSifter(known, { ...DEFAULT_POLICY, ...own }));
    for (let i = 0; i < 10; i += 1) {
      const text = spellJson(i % 2 === 0 ? event : wrapped(event), random);
      expect([text, isClear(prefilter, text)]).toEqual([text, false]);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(1000);
});

test('nearly all lines of a day without mining are passed over', () => {
  const prefilter = createPrefilter(createSifter(tables, DEFAULT_POLICY));
  let clear = 0;
  let lines = 0;
  for (const { document } of sampleEvents({ seed: 5, end: new Date('2026-11-24T00:00:00Z'), perSource: 200 })) {
    lines += 1;
    if (isClear(prefilter, JSON.stringify(document))) clear += 1;
  }
  expect(clear / lines).toBeGreaterThan(0.95);
});

test('a learned address is not passed over', () => {
  const learning = createLearning();
  learning.add({
    name: 'eu.minexmr.com',
    askers: ['10.1.2.3'],
    addresses: ['203.0.113.77'],
    from: 0,
    until: 1,
    indicator: { value: 'x', confidence: 'high', provider: 'x', licence: 'x', reference: 'x', lookup: 'x' },
    scope: 'default',
    event: 'dns/1',
  });
  const line = '{"destination":{"ip":"203.0.113.77"}}';
  const sifter = createSifter(tables, DEFAULT_POLICY);
  expect(isClear(createPrefilter(sifter), line)).toBe(true);
  expect(isClear(createPrefilter(sifter, learning.table()), line)).toBe(false);
});
