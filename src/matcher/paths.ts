/** A value that a field may hold. */
export type Scalar = string | number | boolean;

/** Field paths as a tree, to be walked together with an event. */
export interface PathTree<T> {
  /**
   * Calls `visit` with each scalar under one of the paths, and what was planted there, until it returns true. An event
   * costs what its own keys cost, however many paths there are. Follows nested, dotted and mixed spellings and arrays
   * of any depth; never throws on any JSON.
   *
   * @returns whether `visit` ended the walk.
   */
  walk(event: unknown, visit: (planted: readonly T[], value: Scalar) => boolean): boolean;
  /** Where every path begins. */
  readonly root: PathNode<T>;
}

export interface PathNode<T> {
  readonly planted: readonly T[];
  /** Empty where no path goes on from here. */
  readonly children: ReadonlyMap<string, PathNode<T>>;
}

interface Node<T> extends PathNode<T> {
  readonly planted: T[];
  readonly children: Map<string, Node<T>>;
  /** Keys met before, dotted ones too, and where they lead; null leads nowhere. */
  readonly known: Map<string, Node<T> | null>;
}

/** Keys remembered of a node: hostile events may bring new ones without end. */
const MOST_KNOWN = 2000;
/** Arrays within arrays are followed by recursion up to here, and flattened first beyond. */
const DEEPEST_ARRAY = 100;

function node<T>(): Node<T> {
  return { planted: [], children: new Map(), known: new Map() };
}

function grow<T>(root: Node<T>, path: string): Node<T> {
  let here = root;
  for (const segment of path.split('.')) {
    let next = here.children.get(segment);
    if (next === undefined) here.children.set(segment, (next = node()));
    here = next;
  }
  return here;
}

/** Where a key leads, which may be dotted; undefined where none of the paths goes. */
export function childOf<N extends { readonly children: ReadonlyMap<string, N> }>(from: N, key: string): N | undefined {
  let here: N | undefined = from;
  for (const segment of key.split('.')) {
    here = here.children.get(segment);
    if (here === undefined) break;
  }
  return here;
}

function descend<T>(from: Node<T>, key: string): Node<T> | null {
  const known = from.known.get(key);
  if (known !== undefined) return known;
  const here = childOf(from, key) ?? null;
  if (from.known.size < MOST_KNOWN) from.known.set(key, here);
  return here;
}

/** @param plants what stands under each path. */
export function createPathTree<T>(plants: Iterable<readonly [path: string, planted: T]>): PathTree<T> {
  const root = node<T>();
  for (const [path, planted] of plants) grow(root, path).planted.push(planted);
  return { root, walk: (event, visit) => step(root, event, visit, 0) };
}

type Visit<T> = (planted: readonly T[], value: Scalar) => boolean;

function step<T>(here: Node<T>, value: unknown, visit: Visit<T>, arrays: number): boolean {
  if (typeof value === 'object') return value !== null && stepInto(here, value, visit, arrays);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  return here.planted.length > 0 && visit(here.planted, value);
}

function stepInto<T>(here: Node<T>, value: object, visit: Visit<T>, arrays: number): boolean {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = arrays < DEEPEST_ARRAY ? value : flatten(value);
    for (const item of items) if (step(here, item, visit, arrays + 1)) return true;
    return false;
  }
  if (here.children.size === 0) return false;
  const object = value as Readonly<Record<string, unknown>>;
  // No list of the keys is made: it would take longer than all else.
  for (const key in object) {
    const child = descend(here, key);
    if (child !== null && step(child, object[key], visit, 0)) return true;
  }
  return false;
}

/** All items that are no arrays, in order. */
function flatten(array: readonly unknown[]): unknown[] {
  const flat: unknown[] = [];
  const waiting = [array.values()];
  for (let items = waiting.at(-1); items !== undefined; items = waiting.at(-1)) {
    const { done, value } = items.next();
    if (done === true) waiting.pop();
    else if (Array.isArray(value)) waiting.push(value.values());
    else flat.push(value);
  }
  return flat;
}
