import type { EventDocument } from '../model/event.ts';
import { createPathTree, type Scalar } from './paths.ts';

export type { Scalar };

/** Reads many fields of an event in one walk over it. */
export interface Reader {
  /** Values of each field, in the order the fields were given; undefined where the event has none. */
  read(event: EventDocument): readonly (readonly Scalar[] | undefined)[];
}

/** @param fields each field with the paths it may stand under. */
export function createReader(fields: readonly (readonly string[])[]): Reader {
  const tree = createPathTree(fields.flatMap((paths, slot) => paths.map((path) => [path, slot] as const)));
  return {
    read(event) {
      const values: (Scalar[] | undefined)[] = Array.from({ length: fields.length });
      tree.walk(event, (slots, value) => {
        for (const slot of slots) {
          const found = values[slot];
          if (found === undefined) values[slot] = [value];
          else found.push(value);
        }
        return false;
      });
      return values;
    },
  };
}
