import type { Indicator } from '../../model/indicator.ts';
import { like, likeGlob, likeLiteral } from './text.ts';

/** Commands behind FROM, one a line; each begins with `| `. */
export type Commands = readonly string[];

/** Everything but what we write ourselves. */
export const EVENTS = 'FROM logs-*,-logs-minecanary.*';

const LISTED = 'indicator.lookup IS NOT NULL';
const IN_FORCE = '(indicator.expires IS NULL OR indicator.expires >= NOW())';

/** Rows whose port, of this field, stands in the lookup. Fields of several types, and lists, are taken too. */
export function joinPort(field: string, lookup: string): Commands {
  return [
    `| EVAL indicator.port = TO_LONG(${field})`,
    '| MV_EXPAND indicator.port',
    `| LOOKUP JOIN ${lookup} ON indicator.port`,
    `| WHERE ${LISTED} AND ${IN_FORCE}`,
  ];
}

/** Rows whose address stands in the lookup; where that gives a port, with that port. Networks are in no lookup index. */
export function joinAddress(ip: string, port: string, lookup: string): Commands {
  return [
    `| EVAL indicator.ip = TO_IP(${ip})`,
    '| MV_EXPAND indicator.ip',
    `| LOOKUP JOIN ${lookup} ON indicator.ip`,
    `| WHERE ${LISTED} AND ${IN_FORCE}`,
    `    AND (indicator.port IS NULL OR indicator.port == TO_LONG(${port}))`,
  ];
}

/** How many labels a name may stand below a listed one. */
const DEEPEST = 5;

/** Rows whose name, or a name above it, stands in the lookup: `asked` is the name. */
export function joinName(name: string, lookup: string): Commands {
  const ups = Array.from({ length: DEEPEST }, (_, i) => `up${i + 1}`);
  const climb = ups.map((up, i) => `${up} = REPLACE(${i === 0 ? 'asked' : `up${i}`}, "^[^.]+[.]", "")`);
  const all = ups.reduceRight((rest, up) => (rest === '' ? up : `MV_APPEND(${up}, ${rest})`), '');
  return [
    `| EVAL asked = ${name}`,
    '| WHERE asked IS NOT NULL',
    '| MV_EXPAND asked',
    '| EVAL asked = REPLACE(TO_LOWER(asked), "[.]$", "")',
    // The name, and the names above it: a lookup join compares whole values.
    `| EVAL ${climb.join(',\n       ')}`,
    `| EVAL indicator.domain = MV_DEDUPE(MV_APPEND(asked, ${all}))`,
    '| MV_EXPAND indicator.domain',
    `| LOOKUP JOIN ${lookup} ON indicator.domain`,
    `| WHERE ${LISTED} AND ${IN_FORCE}`,
  ];
}

/** Rows of which the text, of this field, is or holds one of the listed ones, without what excludes it. */
export function holdsAny(field: string, rows: readonly Indicator[], extent: 'anywhere' | 'whole'): Commands {
  const byExcludes = new Map<string, string[]>();
  for (const { value, excludes = [] } of rows) {
    const key = JSON.stringify(excludes);
    byExcludes.set(key, [...(byExcludes.get(key) ?? []), likeGlob(value, extent)]);
  }
  const any = [...byExcludes].map(([key, patterns]) => {
    const excludes = (JSON.parse(key) as string[]).map((text) => `*${likeLiteral(text.toLowerCase())}*`);
    const holds = like('text', patterns, '    ');
    return excludes.length === 0 ? holds : `(${holds}\n    AND NOT ${like('text', excludes, '    ')})`;
  });
  return [
    `| EVAL text = ${field}`,
    '| WHERE text IS NOT NULL',
    '| MV_EXPAND text',
    '| EVAL text = TO_LOWER(text)',
    `| WHERE ${any.join('\n    OR ')}`,
  ];
}

/** How often, from when to when, by these columns; the most first. */
export function counted(by: readonly string[], more: readonly string[] = []): Commands {
  const counts = ['events = COUNT(*)', 'earliest = MIN(@timestamp)', 'latest = MAX(@timestamp)', ...more];
  return [`| STATS ${counts.join(',\n        ')}`, `    BY ${by.join(', ')}`, '| SORT events DESC', '| LIMIT 1000'];
}

/** Of events that a device stopped. */
export const DENIED = `denied = COUNT(*) WHERE MV_CONCAT(event.type, " ") LIKE "*denied*"
          OR TO_LOWER(MV_CONCAT(event.action, " ")) LIKE ("*deny*", "*denied*", "*drop*", "*block*", "*reject*")`;

/** Who it was: the host where it is named, else its address. */
export const WHO = 'who = COALESCE(host.name, TO_STRING(source.ip))';
export const LISTED_BY = ['indicator.name', 'indicator.confidence'];
