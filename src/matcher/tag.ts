import type { EventDocument } from '../model/event.ts';
import type { Tag } from './enrich.ts';
import { createReader } from './reader.ts';
import { createDraft, find, isMissing, isObject, type Path, type Spot, spotOf } from './spelling.ts';

/** What a tag makes of an event. */
export interface TagChange {
  /**
   * The top-level keys that change, each with its whole new value: fit for a partial `doc` update of Elasticsearch,
   * which merges objects and replaces arrays. Undefined where nothing material changes.
   */
  readonly doc: Readonly<Record<string, unknown>> | undefined;
  /** Fields that can't be added, because the event holds something else in their place. */
  readonly blocked: readonly string[];
}

const ROOTS = new Set(['tags', 'threat', 'minecanary']);
/** They tell when and by what a tag was made; alone they are no reason to change an event. */
const IMMATERIAL = new Set(['minecanary.version', 'minecanary.lookups', 'minecanary.tagged']);
/** What makes two enrichments the same. */
const IDENTITY = createReader([['indicator.name'], ['matched.index'], ['matched.field'], ['matched.atomic']]);

/** The part of an event a tag could have to do with, keys as they are. */
function concerned(source: EventDocument): EventDocument {
  return Object.fromEntries(Object.entries(source).filter(([key]) => ROOTS.has(key.split('.', 1)[0] ?? '')));
}

interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

function leavesOf(value: unknown, path: Path = []): Leaf[] {
  if (!isObject(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function identityOf(value: unknown): string {
  return isObject(value) ? JSON.stringify(IDENTITY.read(value).map((one) => one?.map(String))) : String(value);
}

/** Those of `values` that are not there yet, each once. */
function missingOf(values: readonly unknown[], present: readonly unknown[]): unknown[] {
  const known = new Set(present.map(identityOf));
  return values.filter((value) => {
    const identity = identityOf(value);
    return !known.has(identity) && known.add(identity);
  });
}

function joined(old: unknown, values: readonly unknown[]): unknown[] {
  if (isMissing(old)) return [...values];
  return [...(Array.isArray(old) ? (old as unknown[]) : [old]), ...values];
}

/** How a leaf of the tag changes what is there; undefined where it doesn't. */
function writeOf({ path, value }: Leaf, present: readonly unknown[]): ((old: unknown) => unknown) | undefined {
  if (Array.isArray(value)) {
    const missing = missingOf(value, present);
    return missing.length === 0 ? undefined : (old) => joined(old, missing);
  }
  if (path[0] === 'minecanary')
    return present.some((one) => identityOf(one) === String(value)) ? undefined : () => value;
  if (present.length > 0) return undefined;
  return (old) => (isMissing(old) ? value : joined(old, [value]));
}

interface Addition {
  readonly name: string;
  /** Undefined where the field is blocked. */
  readonly spot: Spot | undefined;
  readonly write: (old: unknown) => unknown;
}

function additionOf(root: EventDocument, leaf: Leaf): Addition | undefined {
  const { path, value } = leaf;
  const { values, beneath } = find(root, path);
  const takesObjects = Array.isArray(value) && value.some(isObject);
  const alike = values.filter((one) => isObject(one) === takesObjects);
  const write = writeOf(leaf, alike);
  if (write === undefined) return undefined;
  const clashes = beneath || alike.length < values.length;
  return { name: path.join('.'), spot: clashes ? undefined : spotOf(root, path), write };
}

/**
 * Meets a tag with an event. It adds values that are missing in any spelling, in the spelling found; it never removes,
 * replaces or reshapes what it finds, but for the single values of an earlier tag under `minecanary`. Where a field
 * lies in an array of objects, one object with all that is missing there is appended. Total on any JSON; the event
 * stays as it is; a second time nothing changes.
 */
export function tagChange(source: EventDocument, tag: Tag): TagChange {
  const root = concerned(source);
  const additions = leavesOf(tag)
    .map((leaf) => additionOf(root, leaf))
    .filter((addition) => addition !== undefined);
  const blocked = additions.filter(({ spot }) => spot === undefined).map(({ name }) => name);
  // The same tag made at ingest stays as it is: an update would bump the event's version.
  const atIngest = find(root, ['minecanary', 'stage']).values.includes('ingest');
  const isMaterial = (name: string): boolean => !IMMATERIAL.has(name) && !(atIngest && name === 'minecanary.stage');
  if (!additions.some(({ name, spot }) => spot !== undefined && isMaterial(name))) {
    return { doc: undefined, blocked };
  }
  const draft = createDraft(root);
  for (const { spot, write } of additions) if (spot !== undefined) draft.put(spot, write);
  return { doc: draft.changed(), blocked };
}

/** The event with the tag on it; the same object where nothing changes. */
export function tagged(source: EventDocument, tag: Tag): EventDocument {
  const { doc } = tagChange(source, tag);
  return doc === undefined ? source : { ...source, ...doc };
}
