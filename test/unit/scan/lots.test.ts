import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createJoints, type Lot, siftLot } from '../../../src/cli/scan-lots.ts';
import { createPrefilter } from '../../../src/matcher/prefilter.ts';
import { createSifter } from '../../../src/matcher/sift.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { type Folder, temporaryFolder } from '../../support/cli.ts';
import { tablesOf } from '../../support/tables.ts';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

const prefilter = createPrefilter(createSifter(tablesOf(), DEFAULT_POLICY));
const BENIGN = '{"source":{"ip":"10.1.2.3"}}';
const MINING = '{"destination":{"port":3333}}';

/** Each line with the number it has, and whether it has to be read. */
function sifted(bytes: Buffer, size: number, from?: Lot['from']): [text: string, doubtful: boolean][] {
  const joints = createJoints(prefilter);
  const lines: [string, boolean][] = [];
  const take = (blocks: ReturnType<typeof joints.rest>): void => {
    for (const sift of blocks) {
      if (sift === undefined) throw new Error('no line is too long');
      const places = [...sift.doubtful].filter((_, i) => i % 3 === 0);
      const texts = sift.block.toString().match(/[^\n]*\n|[^\n]+$/g) ?? [];
      expect(texts).toHaveLength(sift.lines);
      texts.forEach((text, i) => void lines.push([text, places.includes(i)]));
    }
  };
  for (let position = 0; position <= bytes.length; position += size) {
    const memory = Buffer.from(new SharedArrayBuffer(size));
    const length = from === undefined ? bytes.copy(memory, 0, position) : 0;
    take(joints.blocksOf(memory, siftLot({ memory, position, from: from ?? { length } }, prefilter)));
  }
  take(joints.rest());
  return lines;
}

const file = fc
  .tuple(fc.array(fc.constantFrom(BENIGN, MINING, '', ' ', '{"a":', '\ufeff{}', `${BENIGN}\r`)), fc.boolean())
  .map(([lines, ended]) => lines.map((line) => `${line}\n`).join('') + (ended ? '' : BENIGN));

test('a line is the same line wherever lots begin and end in it', () => {
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 100 }), (text, size) => {
      const expected = (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => [
        line,
        // Only whole lines can be vouched for.
        !/^(\{"source":\{"ip":"10\.1\.2\.3"\}\})\r?\n$/.test(line),
      ]);
      expect(sifted(Buffer.from(text), size)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test('lots are read from a file at their places', () => {
  const text = Array.from({ length: 200 }, (_, i) => `{"n":${i}}\n`).join('');
  folder.file('events', text);
  const descriptor = openSync(join(folder.path, 'events'), 'r');
  try {
    const lines = sifted(Buffer.from(text), 64, { descriptor });
    expect(lines.map(([line]) => line).join('')).toBe(text);
    expect(lines.some(([, doubtful]) => doubtful)).toBe(false);
  } finally {
    closeSync(descriptor);
  }
});

test('a lot that can not be read is no empty one', () => {
  const descriptor = openSync(folder.path, 'r');
  const memory = Buffer.from(new SharedArrayBuffer(64));
  try {
    expect(() => siftLot({ memory, position: 0, from: { descriptor } }, prefilter)).toThrow(/EISDIR/);
  } finally {
    closeSync(descriptor);
  }
});
