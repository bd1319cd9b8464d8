import type { Client } from '@elastic/elasticsearch';

/** What an index's mapping and settings say beyond its fields. */
export interface IndexTraits {
  /** Why its documents must not be updated; undefined where they may be. */
  readonly untaggable?: string;
  /** `_source` may lack fields that the index has. */
  readonly lossy: boolean;
  /** Its mapping was made by minecanary: it is one of ours, or a copy under another name. */
  readonly ours: boolean;
  /** The index it is being shrunk, split or cloned from; Elasticsearch forgets it once that is done. */
  readonly resizedFrom?: string;
  /** Whether a path may have values in `_source` of which the index has no trace. */
  hides(path: string): boolean;
  /** Whether a path is a text that is split into words at JSON's punctuation, so that a phrase finds a name in it. */
  readonly splits: (path: string) => boolean;
  /** Name of what changes the values of a keyword before they are indexed; undefined where nothing does. */
  readonly normalizer: (path: string) => string | undefined;
}

interface Mapping {
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly _source?: {
    readonly enabled?: boolean;
    readonly includes?: readonly string[];
    readonly excludes?: readonly string[];
  };
  readonly dynamic?: string | boolean;
  readonly enabled?: boolean;
  readonly type?: string;
  readonly index?: boolean;
  readonly ignore_above?: number;
  readonly analyzer?: string;
  readonly normalizer?: string;
  readonly fields?: Readonly<Record<string, Mapping>>;
  readonly index_options?: string;
  readonly properties?: Readonly<Record<string, Mapping>>;
}

interface Settings {
  readonly index?: {
    readonly mode?: string;
    readonly resize?: { readonly source?: { readonly name?: string } };
    readonly mapping?: { readonly ignore_above?: string };
    readonly analysis?: unknown;
  };
}

function isFiltered({ _source: stored }: Mapping): boolean {
  return (stored?.excludes?.length ?? 0) + (stored?.includes?.length ?? 0) > 0;
}

function untaggable(mapping: Mapping, { index }: Settings): string | undefined {
  if (mapping._source?.enabled === false) return '_source is disabled';
  if (isFiltered(mapping)) return '_source is filtered, and an update would destroy what the filter leaves out';
  return index?.mode === 'time_series' ? 'it is a time series' : undefined;
}

/** The property a path goes through next, with the rest of the path; a key may be dotted (`subobjects: false`). */
function follow(mapping: Mapping, path: readonly string[]): { next: Mapping; rest: readonly string[] } | undefined {
  for (let length = 1; length <= path.length; length += 1) {
    const next = mapping.properties?.[path.slice(0, length).join('.')];
    if (next !== undefined) return { next, rest: path.slice(length) };
  }
  return undefined;
}

/**
 * Whether the index may know nothing of what `_source` has at a path: an object that is not parsed, new fields that are
 * not mapped, or a `flattened` field that is not indexed or drops long values, which `_ignored` does not name.
 */
function hides(mapping: Mapping, path: string, dropsLong: boolean): boolean {
  let here: Mapping = mapping;
  let rest: readonly string[] = path.split('.');
  let dynamic = 'true';
  for (;;) {
    if (here.enabled === false) return true;
    if (here.type === 'flattened') return dropsLong || here.ignore_above !== undefined || here.index === false;
    dynamic = here.dynamic === undefined ? dynamic : String(here.dynamic);
    const step = follow(here, rest);
    if (step === undefined) return rest.length > 0 && (dynamic === 'false' || dynamic === 'runtime');
    here = step.next;
    rest = step.rest;
  }
}

const SETTINGS = ['index.mode', 'index.resize.*', 'index.mapping.ignore_above', 'index.analysis.*'];
const TEXTS = new Set(['text', 'match_only_text']);
const WITH_PLACES = new Set([undefined, 'positions', 'offsets']);

/** The mapping of a field, or of a field of a field. */
function mappingAt(mapping: Mapping, path: string): Mapping | undefined {
  let here: Mapping = mapping;
  for (let rest: readonly string[] = path.split('.'); rest.length > 0; ) {
    const step = follow(here, rest);
    if (step === undefined) return here.fields?.[rest.join('.')];
    here = step.next;
    rest = step.rest;
  }
  return here;
}

/** Only what is mapped in the plain way is trusted: Elasticsearch's own standard analyzer, with the places of words. */
function splits(mapping: Mapping, path: string): boolean {
  const { type = '', analyzer = 'standard', index_options } = mappingAt(mapping, path) ?? {};
  return TEXTS.has(type) && analyzer === 'standard' && WITH_PLACES.has(index_options);
}

/** Traits of every index the patterns name. */
export async function describeMappings(client: Client, index: readonly string[]): Promise<Map<string, IndexTraits>> {
  const where = { index: [...index], allow_no_indices: true, expand_wildcards: ['open' as const] };
  const [mappings, settings] = await Promise.all([
    client.indices.getMapping(where),
    client.indices.getSettings({ ...where, name: SETTINGS }),
  ]);
  return new Map(
    Object.entries(mappings).map(([name, { mappings: mapping }]) => {
      const own = mapping as Mapping;
      const set = (settings[name]?.settings ?? {}) as Settings;
      const reason = untaggable(own, set);
      const dropsLong = set.index?.mapping?.ignore_above !== undefined || set.index?.mode === 'logsdb';
      const from = set.index?.resize?.source?.name;
      const traits: IndexTraits = {
        ...(reason === undefined ? {} : { untaggable: reason }),
        lossy: own._source?.enabled === false || isFiltered(own),
        ours: own._meta?.['managed_by'] === 'minecanary',
        ...(from === undefined ? {} : { resizedFrom: from }),
        hides: (path) => hides(own, path, dropsLong),
        splits: (path) => set.index?.analysis === undefined && splits(own, path),
        normalizer: (path) => mappingAt(own, path)?.normalizer,
      };
      return [name, traits] as const;
    }),
  );
}
