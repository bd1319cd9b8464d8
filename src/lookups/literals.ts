/** Finds which of many texts stand in a text, in one walk over it. */
export interface Literals {
  /** Numbers of the literals that stand in the text, in the order given to `compileLiterals`. */
  find(text: string): ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

/**
 * Aho-Corasick over the characters that the literals use; all others lead back to the start. Linear in the text,
 * whatever it holds.
 *
 * @param literals not empty; compared as they are, so upper and lower case are for the caller.
 */
export function compileLiterals(literals: readonly string[]): Literals {
  const classes = new Map<string, number>();
  for (const char of new Set(literals.join(''))) for (const unit of char.split('')) classes.set(unit, classes.size + 1);
  const width = classes.size + 1;
  const classOf = new Uint16Array(65_536);
  for (const [unit, number] of classes) classOf[unit.charCodeAt(0)] = number;

  const children: Map<number, number>[] = [new Map()];
  const found: number[][] = [[]];
  for (const [i, literal] of literals.entries()) {
    let state = 0;
    for (let k = 0; k < literal.length; k += 1) {
      const unit = classOf[literal.charCodeAt(k)] ?? 0;
      let next = children[state]?.get(unit);
      if (next === undefined) {
        next = children.length;
        children[state]?.set(unit, next);
        children.push(new Map());
        found.push([]);
      }
      state = next;
    }
    found[state]?.push(i);
  }
  const next = link(children, found, width);

  return {
    find(text) {
      let state = 0;
      let seen: Set<number> | undefined;
      for (let i = 0; i < text.length; i += 1) {
        state = next[state * width + (classOf[text.charCodeAt(i)] ?? 0)] ?? 0;
        const here = found[state];
        if (here === undefined || here.length === 0) continue;
        seen ??= new Set();
        for (const literal of here) seen.add(literal);
      }
      return seen ?? NONE;
    },
  };
}

/** The whole transition table, breadth first: where a state has no child, it goes on as its longest suffix would. */
function link(children: readonly Map<number, number>[], found: number[][], width: number): Int32Array {
  const next = new Int32Array(children.length * width);
  const suffix = new Int32Array(children.length);
  const queue: number[] = [0];
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] ?? 0;
    const own = children[state] ?? new Map<number, number>();
    for (let unit = 0; unit < width; unit += 1) {
      const beyond = state === 0 ? 0 : (next[(suffix[state] ?? 0) * width + unit] ?? 0);
      const child = own.get(unit);
      next[state * width + unit] = child ?? beyond;
      if (child === undefined) continue;
      suffix[child] = beyond;
      found[child]?.push(...(found[beyond] ?? []));
      queue.push(child);
    }
  }
  return next;
}
