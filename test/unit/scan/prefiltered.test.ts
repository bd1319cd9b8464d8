import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { scan } from '../../../src/cli/scan.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { createPrefilter } from '../../../src/matcher/prefilter.ts';
import { createSifter } from '../../../src/matcher/sift.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { createIncidentsInMemory } from '../../../src/sinks/incidents-in-memory.ts';
import type { LineSink } from '../../../src/sinks/ndjson.ts';
import { readNdjson } from '../../../src/sources/ndjson.ts';
import { readPrefiltered, siftHere } from '../../../src/sources/prefilter.ts';
import { spellJson } from '../../support/hostile-json.ts';
import { randomEvents } from '../../support/random-events.ts';
import { createRandom } from '../../support/sample/prng.ts';
import { tablesOf } from '../../support/tables.ts';

const tables = tablesOf();
const matcher = createMatcher(tables);
const prefilter = createPrefilter(createSifter(tables, DEFAULT_POLICY));
const lifetime = { now: Date.parse('2026-11-24T12:00:00Z'), retention: 365 * 86_400_000 };

function* chunked(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

type Reading = typeof readNdjson | ((input: Readable, name: string) => ReturnType<typeof readPrefiltered>);

const nothing = (): Promise<void> => Promise.resolve();

/** All that comes of a scan. */
async function scanned(chunks: Iterable<Buffer>, read: Reading, matchedOnly: boolean) {
  const incidents = createIncidentsInMemory(lifetime);
  const unreadable: unknown[] = [];
  const written: string[] = [];
  const out: LineSink = {
    closed: false,
    write: async (lines) => void written.push(...lines.map(String)),
    finish: nothing,
    discard: nothing,
  };
  const counts = await scan({
    lines: read(Readable.from(chunks, { objectMode: false }), 'it'),
    matcher,
    incidents,
    out,
    matchedOnly,
    minScore: 1,
    version: '0.0.0',
    lifetime,
    unreadable: (line) => void unreadable.push(line),
    progress: () => undefined,
    enough: () => false,
  });
  return { counts, unreadable, written: written.join(''), incidents: incidents.list() };
}

const prefiltered: Reading = (input, name) => readPrefiltered(input, name, siftHere(prefilter));

const BENIGN = '{"source":{"ip":"10.1.2.3"},"destination":{"port":443}}';
const line = fc.oneof(
  { weight: 3, arbitrary: randomEvents.map((event) => JSON.stringify(event)) },
  fc.tuple(randomEvents, fc.integer()).map(([event, seed]) => spellJson(event, createRandom(seed))),
  fc.constantFrom(
    BENIGN,
    BENIGN,
    '',
    ' ',
    '\r',
    '[]',
    '{"a":',
    '{"a":1}x',
    '7',
    '\ufeff{}',
    '{"é":"é"}',
    '{"message":"\u0000"}',
  ),
);
const file = fc.record({
  lines: fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n')), { maxLength: 30 }),
  mark: fc.boolean(),
  ended: fc.boolean(),
  sizes: fc.array(fc.constantFrom(1, 7, 100, 1000, 100_000), { minLength: 1, maxLength: 3 }),
  packed: fc.boolean(),
  matchedOnly: fc.boolean(),
});

test('a scan that passes lines over comes to the same as one that reads every line', async () => {
  let matched = 0;
  await fc.assert(
    fc.asyncProperty(file, async ({ lines, mark, ended, sizes, packed, matchedOnly }) => {
      const text = (mark ? '\ufeff' : '') + lines.map(([one, ending]) => one + ending).join('');
      const bytes = Buffer.from(ended ? text : text.replace(/\r?\n$/, ''));
      const input = packed ? gzipSync(bytes) : bytes;
      const fast = await scanned(chunked(input, sizes), prefiltered, matchedOnly);
      expect(fast).toEqual(await scanned(chunked(input, [1000]), readNdjson, matchedOnly));
      matched += fast.counts.matched;
    }),
    { numRuns: 300 },
  );
  expect(matched).toBeGreaterThan(200);
});

test('lines that are passed over are not read, and come as they are', async () => {
  const bytes = Buffer.from(`${BENIGN}\n${BENIGN}\r\n\n{"destination":{"port":3333}}\n ${BENIGN}\n${BENIGN}`);
  const found: unknown[] = [];
  for await (const batch of readPrefiltered(Readable.from([bytes]), 'it', siftHere(prefilter))) {
    found.push(...batch.map((one) => ('count' in one ? [one.count, one.bytes.toString()] : one.number)));
  }
  // The last line has no line feed.
  expect(found).toEqual([[2, `${BENIGN}\n${BENIGN}\r\n`], 4, [1, ` ${BENIGN}\n`], 6]);
});

test.each([
  ['that can be passed over', (length: number) => `{"a":"${'x'.repeat(length - 8)}"}`],
  ['of one value', (length: number) => 'x'.repeat(length)],
])('a line %s keeps its number where it is too long', async (_what, make) => {
  const limit = 9_999_999;
  const text = [BENIGN, make(limit + 1), BENIGN, make(limit), BENIGN, ''].join('\n');
  for (const size of [1_000_000, 30_000_000]) {
    const [fast, slow] = [prefiltered, readNdjson].map((read) =>
      scanned(chunked(Buffer.from(text), [size]), read, true),
    );
    const { counts, unreadable } = (await fast) ?? {};
    expect({ counts, unreadable }).toEqual({ counts: (await slow)?.counts, unreadable: (await slow)?.unreadable });
    expect(unreadable?.[0]).toEqual({ number: 2, reason: 'the line is 10 MB or longer' });
  }
});
