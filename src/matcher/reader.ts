import type { EventDocument } from '../model/event.ts';

/** Reads many fields of an event in one walk over it. */
export interface Reader {
  /** Values of each field, in the order the fields were given; undefined where the event has none. */
  read(event: EventDocument): readonly (readonly Scalar[] | undefined)[];
}

export type Scalar = string | number | boolean;

interface Node {
  /** Positions of the fields that end here. */
  readonly slots: number[];
  readonly children: Map<string, Node>;
}

function node(): Node {
  return { slots: [], children: new Map() };
}

function grow(root: Node, path: string, slot: number): void {
  let here = root;
  for (const segment of path.split('.')) {
    let next = here.children.get(segment);
    if (next === undefined) here.children.set(segment, (next = node()));
    here = next;
  }
  here.slots.push(slot);
}

function descend(from: Node, key: string): Node | undefined {
  const direct = from.children.get(key);
  if (direct !== undefined || !key.includes('.')) return direct;
  let here: Node | undefined = from;
  for (const segment of key.split('.')) {
    here = here.children.get(segment);
    if (here === undefined) return undefined;
  }
  return here;
}

/**
 * Compiles field paths into a tree that is walked together with the event, so that an event costs what its own keys
 * cost, however many fields there are. Follows nested, dotted and mixed spellings and arrays of any depth; takes
 * strings, numbers and booleans. Never throws on any JSON.
 *
 * @param fields each field with the paths it may stand under.
 */
export function createReader(fields: readonly (readonly string[])[]): Reader {
  const root = node();
  for (const [slot, paths] of fields.entries()) for (const path of paths) grow(root, path, slot);

  return {
    read(event) {
      const values: (Scalar[] | undefined)[] = Array.from({ length: fields.length });
      const waiting: [Node, unknown][] = [[root, event]];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [here, value] = next;
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
          for (const slot of here.slots) {
            const found = values[slot];
            if (found === undefined) values[slot] = [value];
            else found.push(value);
          }
        } else if (Array.isArray(value)) {
          for (let i = value.length - 1; i >= 0; i -= 1) waiting.push([here, value[i]]);
        } else if (value !== null && typeof value === 'object' && here.children.size > 0) {
          for (const [key, inner] of Object.entries(value)) {
            const child = descend(here, key);
            if (child !== undefined) waiting.push([child, inner]);
          }
        }
      }
      return values;
    },
  };
}
