import { scanJson, type Tracker } from './json.ts';
import { pointerSteps, toPointer } from './pointer.ts';

/** What a scan looks for: a tree of pointer steps. */
interface Wanted {
  pointer?: string;
  /** Offsets of a list's items, where they are asked for. */
  items?: number[];
  readonly children: Map<string, Wanted>;
}

/**
 * Pointers with the offset of their key, or of their value where it is an item of a list or the whole text, in rising
 * order. Left out: pointers that lead nowhere.
 */
export function offsetsOf(text: string, pointers: readonly string[]): [pointer: string, offset: number][] {
  const root: Wanted = { children: new Map() };
  for (const pointer of pointers) plant(root, pointer).pointer = pointer;
  const offsets: [string, number][] = [];
  scanJson(
    text,
    createFinder(text, root, (pointer, offset) => offsets.push([pointer, offset])),
  );
  return offsets;
}

/** Offsets of the items of one list; empty where there is none. */
export function itemOffsets(text: string, list: string): number[] {
  const root: Wanted = { children: new Map() };
  const items: number[] = [];
  plant(root, list).items = items;
  scanJson(
    text,
    createFinder(text, root, () => 0),
  );
  return items;
}

/** Keys that stand a second time in their object, in rising order. */
export function duplicateKeys(text: string): { readonly pointer: string; readonly offset: number }[] {
  const duplicates: { pointer: string; offset: number }[] = [];
  const frames: { step: string | number; keys: Set<string> }[] = [];
  scanJson(text, {
    item: () => {
      const frame = frames.at(-1);
      if (typeof frame?.step === 'number') frame.step += 1;
    },
    key: (offset, end) => {
      const frame = frames.at(-1);
      const key = JSON.parse(text.slice(offset, end)) as string;
      if (frame === undefined) return;
      frame.step = key;
      if (frame.keys.has(key)) duplicates.push({ pointer: toPointer(frames.map(({ step }) => step)), offset });
      frame.keys.add(key);
    },
    open: () => frames.push({ step: -1, keys: new Set() }),
    close: () => frames.pop(),
  });
  return duplicates;
}

function plant(root: Wanted, pointer: string): Wanted {
  let node = root;
  for (const step of pointerSteps(pointer)) {
    const child = node.children.get(step) ?? { children: new Map() };
    node.children.set(step, child);
    node = child;
  }
  return node;
}

function createFinder(text: string, root: Wanted, found: (pointer: string, offset: number) => void): Tracker {
  const frames: { readonly wanted: Wanted | undefined; index: number }[] = [];
  let current: Wanted | undefined;
  const visit = (wanted: Wanted | undefined, offset: number) => {
    current = wanted;
    if (wanted?.pointer !== undefined) found(wanted.pointer, offset);
  };
  return {
    item: (at) => {
      const frame = frames.at(-1);
      if (frame === undefined) return visit(root, at);
      frame.index += 1;
      frame.wanted?.items?.push(at);
      return visit(frame.wanted?.children.get(String(frame.index)), at);
    },
    key: (at, end) => {
      const wanted = frames.at(-1)?.wanted;
      visit(wanted && wanted.children.get(JSON.parse(text.slice(at, end)) as string), at);
    },
    open: () => frames.push({ wanted: current, index: -1 }),
    close: () => frames.pop(),
  };
}
