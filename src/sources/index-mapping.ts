/** A mapping, or a part of one, as Elasticsearch tells it. */
export interface Mapping {
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly _source?: {
    readonly enabled?: boolean;
    readonly includes?: readonly string[];
    readonly excludes?: readonly string[];
  };
  readonly runtime?: Readonly<Record<string, unknown>>;
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

/** The property a path goes through next, with the rest of the path; a key may be dotted (`subobjects: false`). */
export function follow(
  mapping: Mapping,
  path: readonly string[],
): { next: Mapping; rest: readonly string[] } | undefined {
  for (let length = 1; length <= path.length; length += 1) {
    const next = mapping.properties?.[path.slice(0, length).join('.')];
    if (next !== undefined) return { next, rest: path.slice(length) };
  }
  return undefined;
}

/** The mapping of a field, or of a field of a field. */
export function mappingAt(mapping: Mapping, path: string): Mapping | undefined {
  let here: Mapping = mapping;
  for (let rest: readonly string[] = path.split('.'); rest.length > 0; ) {
    const step = follow(here, rest);
    if (step === undefined) return here.fields?.[rest.join('.')];
    here = step.next;
    rest = step.rest;
  }
  return here;
}
