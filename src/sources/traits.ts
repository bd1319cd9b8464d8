import type { Client } from '@elastic/elasticsearch';

/** What an index's mapping and settings say beyond its fields. */
export interface IndexTraits {
  /** Why its documents must not be updated; undefined where they may be. */
  readonly untaggable?: string;
  /** `_source` may lack fields that the index has. */
  readonly lossy: boolean;
  /** The index it was shrunk, split or cloned from. */
  readonly resizedFrom?: string;
  /** Whether a path that is not mapped may have values in `_source`. */
  hides(path: string): boolean;
}

interface Mapping {
  readonly _source?: {
    readonly enabled?: boolean;
    readonly includes?: readonly string[];
    readonly excludes?: readonly string[];
  };
  readonly dynamic?: string | boolean;
  readonly enabled?: boolean;
  readonly properties?: Readonly<Record<string, Mapping>>;
}

interface Settings {
  readonly index?: {
    readonly mode?: string;
    readonly resize?: { readonly source?: { readonly name?: string } };
    readonly mapping?: { readonly total_fields?: { readonly ignore_dynamic_beyond_limit?: string } };
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

/** Whether dynamic mapping leaves new fields out of the index where `path` would stand. */
function hides(mapping: Mapping, path: string): boolean {
  let here: Mapping = mapping;
  let dynamic = String(mapping.dynamic ?? 'true');
  if (mapping.enabled === false) return true;
  for (const part of path.split('.')) {
    const next = here.properties?.[part];
    if (next === undefined) break;
    here = next;
    if (here.enabled === false) return true;
    dynamic = here.dynamic === undefined ? dynamic : String(here.dynamic);
  }
  return dynamic === 'false' || dynamic === 'runtime';
}

/** Traits of every index the patterns name. */
export async function describeMappings(client: Client, index: readonly string[]): Promise<Map<string, IndexTraits>> {
  const where = { index: [...index], allow_no_indices: true, expand_wildcards: ['open' as const] };
  const [mappings, settings] = await Promise.all([
    client.indices.getMapping(where),
    client.indices.getSettings({ ...where, name: ['index.mode', 'index.resize.*'] }),
  ]);
  return new Map(
    Object.entries(mappings).map(([name, { mappings: mapping }]) => {
      const own = mapping as Mapping;
      const set = (settings[name]?.settings ?? {}) as Settings;
      const reason = untaggable(own, set);
      const from = set.index?.resize?.source?.name;
      const traits: IndexTraits = {
        ...(reason === undefined ? {} : { untaggable: reason }),
        lossy: own._source?.enabled === false || isFiltered(own),
        ...(from === undefined ? {} : { resizedFrom: from }),
        hides: (path) => hides(own, path),
      };
      return [name, traits] as const;
    }),
  );
}
