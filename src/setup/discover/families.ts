import { matches } from '../install.ts';

/** Indices and data streams that one pattern is for. */
export interface Family {
  readonly pattern: string;
  /** In order. */
  readonly names: readonly string[];
}

/** What Elastic Agent, Fleet and the Beats name their indices. */
const KNOWN = /^(logs|metrics|traces|synthetics|profiling|[a-z]+beat|apm)-./;
/** Dates, versions, generations. */
const NUMBER = /^v?\d+$/i;

/**
 * Sorts names into families: `firewall-2026.11.23` and `firewall-2026.11.24` are of `firewall-*`, all data streams of
 * type logs of `logs-*`. No name is in two.
 */
export function familiesOf(names: readonly string[]): Family[] {
  const byPattern = new Map<string, string[]>();
  for (const name of names) {
    const pattern = patternOf(name);
    byPattern.set(pattern, [...(byPattern.get(pattern) ?? []), name]);
  }
  // The shortest first, since it may hold longer ones.
  const families: { pattern: string; names: string[] }[] = [];
  for (const [pattern, own] of [...byPattern].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))) {
    const holder = families.find((one) => one.pattern !== pattern && own.every((name) => matches(one.pattern, name)));
    if (holder === undefined) families.push({ pattern, names: own });
    else holder.names.push(...own);
  }
  return families
    .map((one) => ({ pattern: one.pattern, names: one.names.toSorted() }))
    .toSorted((a, b) => (a.pattern < b.pattern ? -1 : 1));
}

function patternOf(name: string): string {
  const [, known] = KNOWN.exec(name) ?? [];
  if (known !== undefined) return `${known}-*`;
  let rest = name;
  let end = '';
  for (let piece = lastPiece(rest); piece !== undefined && NUMBER.test(piece.text); piece = lastPiece(rest)) {
    rest = piece.before;
    end = piece.separator;
  }
  return end === '' ? name : `${rest}${end}*`;
}

function lastPiece(name: string): { before: string; separator: string; text: string } | undefined {
  const [, before, separator, text] = /^(.+)([-_.])([^-_.]+)$/.exec(name) ?? [];
  return before === undefined || separator === undefined || text === undefined
    ? undefined
    : { before, separator, text };
}

/** Names of sources for the patterns, as the configuration allows them, each once. */
export function sourceNames(patterns: readonly string[]): string[] {
  const taken = new Set<string>();
  return patterns.map((pattern) => {
    const plain = pattern
      .replace(/[-_.]?\*$/, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9_-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 60);
    const base = plain === '' ? 'source' : plain;
    let name = base;
    for (let i = 2; taken.has(name); i += 1) name = `${base}-${i}`;
    taken.add(name);
    return name;
  });
}
