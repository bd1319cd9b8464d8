import type { Client, estypes } from '@elastic/elasticsearch';
import type { FieldFacts } from '../convert/candidates.ts';
import { sourceError } from '../elastic/errors.ts';
import { homeOf, isOwn } from '../elastic/names.ts';
import { CATALOGUE, CONTEXT_FIELDS } from '../matcher/catalogue.ts';
import type { Policy } from '../model/policy.ts';
import { describeMappings, type IndexTraits } from './traits.ts';

/** Indices of a source that are alike in everything a read depends on. */
export interface Group {
  readonly indices: readonly Index[];
  /** Catalogue fields that are mapped. */
  readonly fields: readonly FieldFacts[];
  /** Mapped as a date, so that a range can be asked for. */
  readonly timestamp: boolean;
  readonly ingested: boolean;
  readonly created: boolean;
  /** What a tag says of itself can be asked for: `minecanary.{lookups,stage}` are keywords. */
  readonly tagged: boolean;
  /** Catalogue fields may lie in `_source` without a trace in the index: only reading every document finds them. */
  readonly hidden: boolean;
  /** Paths that no query reaches and that are not read: `event.original`, as ECS maps it. */
  readonly unread: readonly string[];
  /** What the matcher reads and `_source` may lack, to be read from the index; empty where `_source` is whole. */
  readonly unstored: readonly string[];
}

export interface Index {
  readonly name: string;
  readonly home: string;
  /** Why its events are not tagged, for good or as it is now. */
  readonly untaggable?: string;
}

export const INGESTED = 'event.ingested';
export const CREATED = 'event.created';
export const TAGGED_UNDER = 'minecanary.lookups';
export const TAGGED_AT = 'minecanary.stage';
const DATES = new Set(['date', 'date_nanos']);

type Capabilities = estypes.FieldCapsResponse['fields'];

/** Every path the catalogue may be read at in this source, with its catalogue entry. */
function pathsOf(policy: Policy): { path: string; entry: (typeof CATALOGUE)[number] }[] {
  return CATALOGUE.flatMap((entry) =>
    [entry.field, ...(policy.fields[entry.field] ?? [])].map((path) => ({ path, entry })),
  );
}

/** Every path the matcher reads. */
function readPaths(policy: Policy): string[] {
  const context = Object.values(CONTEXT_FIELDS).flatMap((field) => [field, ...(policy.fields[field] ?? [])]);
  return [...new Set([...pathsOf(policy).map(({ path }) => path), ...context, policy.timestamp])];
}

/** Elasticsearch gives values of at most so many fields (`index.max_docvalue_fields_search`). */
const MOST_UNSTORED = 100;

/** Those of the paths whose values the index can tell. */
function unstoredIn(fields: Capabilities, policy: Policy, index: string): string[] {
  const told = readPaths(policy).filter((path) => {
    const capability = capabilityIn(fields, path, index);
    return (
      capability !== undefined &&
      !nonAggregatableIn(capability, index) &&
      !ancestors(path).some((parent) => capabilityIn(fields, parent, index)?.type === 'nested')
    );
  });
  return told.slice(0, MOST_UNSTORED);
}

/** Every path the catalogue may be read at, with the objects it goes through and the keywords beside texts. */
export function askedPaths(policy: Policy): string[] {
  return [...new Set(pathsOf(policy).flatMap(({ path }) => [path, besides(path), ...ancestors(path)]))];
}

/** Where Elasticsearch itself puts the keyword of a text it maps, and most templates too. */
function besides(path: string): string {
  return `${path}.keyword`;
}

function ancestors(path: string): string[] {
  const parts = path.split('.');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
}

/** How one field is mapped in one index; undefined where it isn't. */
function capabilityIn(fields: Capabilities, path: string, index: string): estypes.FieldCapsFieldCapability | undefined {
  const types = Object.values(fields[path] ?? {});
  return types.find(
    (one) => one.type !== 'unmapped' && (one.indices === undefined || asList(one.indices).includes(index)),
  );
}

function asList(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

function nonSearchableIn(
  { non_searchable_indices: none, searchable }: estypes.FieldCapsFieldCapability,
  index: string,
) {
  return none === undefined || none === null ? !searchable : asList(none).includes(index);
}

function nonAggregatableIn(capability: estypes.FieldCapsFieldCapability, index: string): boolean {
  const { non_aggregatable_indices: none, aggregatable } = capability;
  return none === undefined || none === null ? !aggregatable : asList(none).includes(index);
}

function factsOf(fields: Capabilities, policy: Policy, index: string, traits: IndexTraits): FieldFacts[] {
  return pathsOf(policy).flatMap(({ path, entry }): FieldFacts[] => {
    const parents = ancestors(path).map((parent) => ({ parent, type: capabilityIn(fields, parent, index)?.type }));
    const nested = parents.findLast(({ type }) => type === 'nested')?.parent;
    const inside = nested === undefined ? {} : { nested };
    if (parents.some(({ type }) => type === 'flattened')) {
      return [{ path, entry, type: 'flattened', searchable: true, aggregatable: false, ...inside }];
    }
    const capability = capabilityIn(fields, path, index);
    if (capability === undefined) return [];
    const searchable = !nonSearchableIn(capability, index);
    const aggregatable = !nonAggregatableIn(capability, index);
    const { type } = capability;
    const normalizer = traits.normalizer(path);
    return [
      {
        path,
        entry,
        type,
        searchable,
        aggregatable,
        ...inside,
        ...(traits.splits(path) ? { splits: true } : {}),
        ...(normalizer === undefined ? {} : { normalizer }),
        ...keywordOf(fields, path, index, traits),
      },
    ];
  });
}

function keywordOf(fields: Capabilities, text: string, index: string, traits: IndexTraits): { keyword?: string } {
  const path = besides(text);
  const capability = capabilityIn(fields, path, index);
  const usable =
    capability?.type === 'keyword' &&
    !nonSearchableIn(capability, index) &&
    !nonAggregatableIn(capability, index) &&
    traits.normalizer(path) === undefined;
  return usable ? { keyword: path } : {};
}

const RAW = 'event.original';

function isUnread({ entry, searchable, aggregatable }: FieldFacts): boolean {
  return entry.field === RAW && !searchable && !aggregatable;
}

function groupOf(fields: Capabilities, policy: Policy, name: string, traits: IndexTraits): Omit<Group, 'indices'> {
  const isDate = (path: string): boolean => DATES.has(capabilityIn(fields, path, name)?.type ?? '');
  const facts = factsOf(fields, policy, name, traits);
  return {
    fields: facts.filter((one) => !isUnread(one)),
    unread: facts.filter(isUnread).map(({ path }) => path),
    timestamp: isDate(policy.timestamp),
    ingested: isDate(INGESTED),
    created: isDate(CREATED),
    tagged: [TAGGED_UNDER, TAGGED_AT].every((path) => capabilityIn(fields, path, name)?.type === 'keyword'),
    hidden: pathsOf(policy).some(({ path }) => traits.hides(path)),
    unstored: traits.lossy ? unstoredIn(fields, policy, name) : [],
  };
}

/**
 * Finds the indices of a source and sorts them into groups of equal mappings. Our own indices are never among them.
 *
 * @throws SourceError where Elasticsearch refuses, or an index that is named without a wildcard does not exist.
 */
export async function findGroups(client: Client, patterns: readonly string[], policy: Policy): Promise<Group[]> {
  const index = [...patterns];
  const asked = new Set(readPaths(policy).flatMap((path) => [path, besides(path), ...ancestors(path)]));
  asked.add(TAGGED_UNDER).add(TAGGED_AT);
  try {
    const [response, traits] = await Promise.all([
      client.fieldCaps({
        index,
        fields: [...asked],
        include_unmapped: true,
        allow_no_indices: true,
        expand_wildcards: ['open'],
      }),
      describeMappings(client, index),
    ]);
    const names = asList(response.indices).filter((name) => !isOwn(name));
    const groups = new Map<string, { group: Omit<Group, 'indices'>; indices: Index[] }>();
    for (const name of [...names].sort()) {
      const own = traits.get(name);
      if (own === undefined || own.ours || isOwn(own.resizedFrom ?? name)) continue;
      const group = groupOf(response.fields, policy, name, own);
      const key = JSON.stringify(group);
      const { resizedFrom, untaggable = own.closed } = own;
      const member = { name, home: homeOf(resizedFrom ?? name), ...(untaggable === undefined ? {} : { untaggable }) };
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { group, indices: [member] });
      else known.indices.push(member);
    }
    return [...groups.values()].map(({ group, indices }) => ({ ...group, indices }));
  } catch (error) {
    throw sourceError(`Reading what ${patterns.join(', ')} holds`, error);
  }
}
