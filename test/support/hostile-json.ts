/** JSON spelled as no serializer would spell it, and still the same to a parser. */
import type { Random } from './sample/prng.ts';

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t' };

/** Text that `JSON.parse` reads as the value: blanks, escapes, keys that stand twice, numbers with exponents. */
export function spellJson(value: unknown, random: Random): string {
  if (typeof value === 'string') return spellString(value, random);
  if (typeof value === 'number') return spellNumber(value, random);
  if (value === null || typeof value !== 'object') return String(value);
  const blank = (): string => (random.chance(0.05) ? random.pick([' ', '\t', '\r', '  ']) : '');
  const join = (parts: readonly string[]): string => parts.map((part) => blank() + part + blank()).join(',');
  if (Array.isArray(value)) return `[${join(value.map((item) => spellJson(item, random)))}${blank()}]`;
  const members = Object.entries(value).flatMap(([key, inner]) => {
    const name = spellString(key, random) + blank();
    const member = `${name}:${blank()}${spellJson(inner, random)}`;
    // Of a key that stands twice the last counts.
    return random.chance(0.02)
      ? [`${name}:${random.pick(['"decoy"', '{"ip":"10.1.1.1"}', '[]', 'null'])}`, member]
      : [member];
  });
  return `{${join(members)}${blank()}}`;
}

function spellString(text: string, random: Random): string {
  const odd = random.chance(0.2);
  const spelled = text.split('').map((unit) => {
    const code = unit.charCodeAt(0);
    const hex = code.toString(16).padStart(4, '0');
    if (odd && random.chance(0.2)) return `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
    if (odd && unit === '/') return '\\/';
    // Half of a pair can't stand in UTF-8.
    if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return ESCAPES[unit] ?? `\\u${hex}`;
    return ESCAPES[unit] ?? unit;
  });
  return `"${spelled.join('')}"`;
}

function spellNumber(value: number, random: Random): string {
  const text = JSON.stringify(value);
  if (!/^-?\d+$/.test(text) || !random.chance(0.2)) return text;
  const exact = [`${text}.0`, `${text}.00e0`, `${text}E+0`, `${text}0e-1`];
  if (text.length > 1 && value > 0) exact.push(`${text[0]}.${text.slice(1)}e${text.length - 1}`);
  return random.pick(exact);
}
