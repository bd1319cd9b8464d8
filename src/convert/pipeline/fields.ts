import { CATALOGUE, CONTEXT_FIELDS, type FieldKind } from '../../matcher/catalogue.ts';
import type { Policy } from '../../model/policy.ts';

/** Where fields lie in an event, as a tree by the segments of their names. */
interface Node {
  fields?: Record<string, Node>;
  /** Numbers of the fields that are read here. */
  slots?: number[];
  /** How a value here is read when an event is sifted. */
  kinds?: FieldKind[];
}

/** Text of an event's source that may name whom to suspect, in this order. */
const SOURCE_TEXTS = { sourceAddress: 'source.address', clientAddress: 'client.address' } as const;

export interface ScriptFields {
  readonly tree: Node;
  /** The first slots are its entries. */
  readonly catalogue: readonly Readonly<Record<string, unknown>>[];
  /** Slots of the context's fields, by name. */
  readonly slots: Readonly<Record<string, number>>;
  /** Number of slots. */
  readonly count: number;
}

function grow(root: Node, path: string): Node {
  let here = root;
  for (const segment of path.split('.')) {
    here.fields ??= {};
    here = here.fields[segment] ??= {};
  }
  return here;
}

/** Every field the matcher reads, as the ingest script walks over an event. */
export function scriptFields({ fields, timestamp }: Policy): ScriptFields {
  const tree: Node = {};
  const slots: Record<string, number> = {};
  let count = 0;
  const plant = (paths: readonly string[], kind?: FieldKind): number => {
    for (const path of paths) {
      const node = grow(tree, path);
      (node.slots ??= []).push(count);
      if (kind !== undefined && node.kinds?.includes(kind) !== true) (node.kinds ??= []).push(kind);
    }
    count += 1;
    return count - 1;
  };
  const paths = (field: string): string[] => [field, ...(fields[field] ?? [])];
  const catalogue = CATALOGUE.map(({ field, kind, side, endpoint, nat }) => {
    plant(paths(field), kind);
    return { name: field, kind, side, ...(endpoint !== undefined && { endpoint }), ...(nat !== undefined && { nat }) };
  });
  for (const [name, field] of Object.entries({ ...CONTEXT_FIELDS, ...SOURCE_TEXTS })) slots[name] = plant(paths(field));
  slots['timestamp'] = plant([timestamp]);
  return { tree, catalogue, slots, count };
}
