import { explainValue } from '../../lookups/explain.ts';
import { parsePort } from '../../lookups/port.ts';
import type { EventDocument } from '../../model/event.ts';
import type { Kind } from '../../model/indicator.ts';
import { CATALOGUE, type CatalogueField } from '../catalogue.ts';
import type { Scalar } from '../paths.ts';
import { readValue } from '../reading.ts';
import type { NearMiss, Search } from './near-miss.ts';

/** What a tag says, of whomever, is no evidence; and `related` repeats what stands elsewhere. */
const NO_EVIDENCE = new Set(['minecanary', 'threat', 'tags', 'related']);
/** An event has seldom more than some hundred values; a hostile one may. */
const MOST_VALUES = 5000;
/** How sources write that there is nothing, or a wildcard. */
const NOTHING: ReadonlySet<Scalar> = new Set(['', '-', '.', '*', '?']);
const DEEPEST = 32;
const LONGEST = 10_000;

/** Listed values in fields that are not read, or read as something else; and fields of which nothing can be read. */
export function* fieldMisses({ event, tables, policy, matched }: Search): Generator<NearMiss> {
  const entries = new Map<string, CatalogueField[]>();
  for (const entry of CATALOGUE) {
    for (const path of [entry.field, ...(policy.fields[entry.field] ?? [])]) {
      entries.set(path, [...(entries.get(path) ?? []), entry]);
    }
  }
  for (const [field, value] of valuesIn(event)) {
    const read = entries.get(field) ?? [];
    const text = String(value);
    const side = read[0]?.side ?? 'none';
    const unreadable = read.length > 0 ? unreadableAs(read, value) : undefined;
    if (unreadable !== undefined) yield { reason: 'unreadable', value: text, field, side, why: unreadable };
    yield* pageMisses(read, field, value, tables);
    if (text.length > LONGEST) continue;
    for (const { kind, indicator, why } of explainValue(tables, text)) {
      if (matched.has(indicator) || !isTelling(kind, field, read.length > 0)) continue;
      yield { reason: 'field', value: text, field, side, indicator, why: `${readAs(read)}; ${why}` };
    }
  }
}

/**
 * Whether a listed value says something in a field it is not looked for in. A word that is a method's name is no call,
 * a number that is a port's is none without saying so, and wildcards of user agents and signatures fit much of what is
 * read as something else.
 */
function isTelling(kind: Kind, field: string, isRead: boolean): boolean {
  if (kind === 'payload') return false;
  if (kind === 'port') return /port$/i.test(field);
  return !(isRead && (kind === 'user-agent' || kind === 'signature'));
}

function readAs(read: readonly CatalogueField[]): string {
  const [first] = read;
  if (first === undefined) return 'the field is not read';
  if (first.kind === 'certificate') return 'the field is read only where the server is named nowhere else';
  return `the field is read as ${first.kind} only`;
}

/** Of which kind the field is, where the value is none; names of any sort may be missing for good reason. */
function unreadableAs(read: readonly CatalogueField[], value: Scalar): string | undefined {
  const strict = read.find(({ kind }) => kind === 'port' || kind === 'address' || kind === 'name');
  if (strict === undefined || NOTHING.has(value)) return undefined;
  if (read.some(({ kind }) => readValue(kind, value) !== undefined)) return undefined;
  return strict.kind === 'port' ? 'no port: a whole number from 1 to 65535' : `no ${strict.kind} that can be read`;
}

/** A listed port in the URL of the page that led here. */
function* pageMisses(
  read: readonly CatalogueField[],
  field: string,
  value: Scalar,
  { byKind }: Search['tables'],
): Generator<NearMiss> {
  for (const { kind, side } of read) {
    const port = side === 'none' && kind === 'url' ? parsePort(readValue(kind, value)?.port) : undefined;
    if (port === undefined) continue;
    for (const indicator of byKind.port.find(String(port))) {
      const why = 'the port of the page that led here is of other traffic';
      yield { reason: 'side', value: String(port), field, side, indicator, why };
    }
  }
}

/** The values of an event with their paths. Total on any JSON; what is deeper or more than an event has is left out. */
function* valuesIn(event: EventDocument): Generator<readonly [path: string, value: Scalar]> {
  const waiting: { path: string; value: unknown; depth: number }[] = [{ path: '', value: event, depth: 0 }];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined && count < MOST_VALUES; next = waiting.pop()) {
    const { path, value, depth } = next;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      count += 1;
      if (path !== '') yield [path, value];
    } else if (value !== null && typeof value === 'object' && depth < DEEPEST) {
      const inner = Array.isArray(value)
        ? value.slice(0, MOST_VALUES).map((item: unknown) => [path, item] as const)
        : Object.entries(value)
            .slice(0, MOST_VALUES)
            .map(([key, item]) => [path === '' ? key : `${path}.${key}`, item] as const);
      for (const [at, item] of inner.toReversed()) {
        if (NO_EVIDENCE.has(at.split('.', 1)[0] ?? '')) continue;
        waiting.push({ path: at, value: item, depth: depth + 1 });
      }
    }
  }
}
