import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Extent, globTable } from '../../../src/lookups/tables/glob.ts';
import { lookupOf, type Row } from '../../support/tables.ts';

function tableOf(rows: readonly Row[], extent: Extent = 'anywhere') {
  return globTable(lookupOf('command-line', rows).indicators, extent);
}
const found = (rows: readonly Row[], text: string, extent: Extent = 'anywhere') =>
  tableOf(rows, extent)
    .find(text)
    .map(({ value }) => value);

/** Whether a pattern takes up the whole text: which beginnings of the pattern each beginning of the text fits. */
function fitsWhole(pattern: string, text: string): boolean {
  let fits = [true, ...Array.from(pattern, () => false)];
  for (let k = 1; k <= pattern.length; k += 1) fits[k] = fits[k - 1] === true && pattern[k - 1] === '*';
  for (const char of text) {
    const next = [false];
    for (let k = 1; k <= pattern.length; k += 1) {
      next[k] =
        pattern[k - 1] === '*'
          ? fits[k] === true || next[k - 1] === true
          : fits[k - 1] === true && pattern[k - 1] === char;
    }
    fits = next;
  }
  return fits[pattern.length] === true;
}

test('the oracle knows wildcards', () => {
  expect(['', '*', 'a*', '*b', 'a*b', 'ab', '**'].map((one) => fitsWhole(one, 'ab'))).toEqual([
    false,
    true,
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(fitsWhole('a*b', 'abc')).toBe(false);
});

describe('globTable', () => {
  const letter = fc.constantFrom('a', 'b', 'c');
  const pattern = fc
    .array(fc.oneof({ arbitrary: letter, weight: 3 }, { arbitrary: fc.constant('*'), weight: 1 }), { maxLength: 7 })
    .map((some) => some.join(''));
  // A row needs four characters in a row; the tail gives them and stands in every text.
  const TAIL = 'bcab';
  const texts = fc.array(letter, { maxLength: 14 }).map((some) => some.join(''));

  test.each<Extent>(['anywhere', 'whole'])('finds what an oracle finds: %s', (extent) => {
    let matched = 0;
    fc.assert(
      fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 6 }), texts, texts, (patterns, a, b) => {
        const rows = patterns.map((one) => `${one}${TAIL}${Array.from(one).toReversed().join('')}`);
        const text = `${a}${TAIL}${b}`;
        const expected = rows.filter((row) => fitsWhole(extent === 'whole' ? row : `*${row}*`, text));
        matched += expected.length;
        expect(found(rows, text, extent)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(150);
  });

  test('takes no account of case', () => {
    expect(found(['--Donate-Level='], 'x --DONATE-level=1')).toHaveLength(1);
    expect(found(['XMRig/*'], 'xmrig/6.2', 'whole')).toHaveLength(1);
  });

  test.each<[string, string, boolean]>([
    ['XMRig/*', 'XMRig/6.21.0 (Linux x86_64)', true],
    ['XMRig/*', 'not XMRig/6.21.0', false],
    ['*xmrig', 'a xmrig', true],
    ['*xmrig', 'a xmrig b', false],
    ['xmrig', 'xmrig', true],
    ['xmrig', 'xmrig ', false],
    ['xmrig*xmrig', 'xmrig', false],
    ['xmrig*xmrig', 'xmrigxmrig', true],
    ['abab*bab', 'ababab', false],
  ])('the whole of a text: %s, %s: %p', (row, text, fits) => {
    expect(found([row], text, 'whole')).toHaveLength(fits ? 1 : 0);
  });

  test.each<[string, string, boolean]>([
    ['-o *:3333 -u', 'miner -o pool:3333 -u me', true],
    ['-o *:3333 -u', 'miner :3333 -u me -o pool', false],
    ['user*user', 'user', false],
    ['user*user', 'a user b user c', true],
  ])('anywhere in a text: %s, %s: %p', (row, text, fits) => {
    expect(found([row], text)).toHaveLength(fits ? 1 : 0);
  });

  test.each<[string, boolean]>([
    ['xmr-stak -o pool.minexmr.com', true],
    ['gcc -O2 -o pool.o pool.c', false],
    ['GCC -o pool.c', false],
    ['cc -o pool.o', false],
  ])('with exclusions: %s: %p', (text, fits) => {
    const row = { value: ' -o pool.', excludes: ['GCC', 'pool.o'] };
    expect(found([row], text)).toHaveLength(fits ? 1 : 0);
  });

  test('an exclusion speaks of its own row', () => {
    const rows = [{ value: '--donate-level', excludes: ['--help'] }, 'stratum+tcp://'];
    expect(found(rows, 'xmrig --help --donate-level stratum+tcp://x')).toEqual(['stratum+tcp://']);
  });

  test('two lookups that list one text both tell of it', () => {
    const rows: Row[] = ['--nicehash', { value: '--NiceHash', confidence: 'high' }];
    expect(tableOf(rows).find('x --nicehash')).toHaveLength(2);
  });

  test('a megabyte is read once, whatever it holds', () => {
    const rows = [
      ...Array.from({ length: 300 }, (_, i) => `${'a'.repeat(i + 4)}*b`),
      ...Array.from({ length: 300 }, (_, i) => `b*${'a'.repeat(i + 4)}c`),
      'aaaa*'.repeat(50),
    ];
    expect(found(rows, 'a'.repeat(1_000_000))).toEqual(['aaaa*'.repeat(50)]);
  });
});

/** What base64 makes of a text for certain, at each of the three places it may begin at. */
function formsOf(text: string, encoding: BufferEncoding): string[] {
  const bytes = Buffer.from(text, encoding);
  return [0, 1, 2].map((shift) => {
    const code = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const rest = (bytes.length + shift) % 3;
    return code.slice(shift === 0 ? 0 : shift + 1, code.length - (rest === 0 ? 0 : 4 - rest));
  });
}

describe('base64 forms of what a command line says', () => {
  test.each<[string, BufferEncoding]>([
    ['stratum+tcp://', 'utf8'],
    ['--donate-level=', 'utf8'],
    // As `powershell -EncodedCommand` wants it.
    ['stratum+tcp://', 'utf16le'],
    ['--donate-level=', 'utf16le'],
  ])('%s at the three alignments, in %s', (text, encoding) => {
    const forms = formsOf(text, encoding);
    expect(new Set(forms).size).toBe(3);
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const code = Buffer.from(`${before}${text}${after}`, encoding).toString('base64');
        expect(found(forms, `powershell -enc ${code}`).length).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('are not found in base64 of anything else', () => {
    const code = Buffer.from('stratum+udp:// --donate-level').toString('base64');
    expect(
      found(
        ['stratum+tcp://', '--donate-level='].flatMap((text) => formsOf(text, 'utf8')),
        code,
      ),
    ).toEqual([]);
  });
});
