/** Finds which of many texts stand in a text, in one walk over it. */
export interface Literals {
  /** The literals that stand in the text, by their numbers, each with the place where it first ends. */
  find(text: string): ReadonlyMap<number, number>;
}

const NONE: ReadonlyMap<number, number> = new Map();

/**
 * Aho-Corasick over the characters that the literals use; all others lead back to the start. One step a character, and
 * one a literal that is found for the first time: linear in the text, whatever it holds.
 *
 * @param literals distinct, not empty; compared as they are, so upper and lower case are for the caller.
 */
export function compileLiterals(literals: readonly string[]): Literals {
  const classes = new Map<string, number>();
  for (const char of new Set(literals.join(''))) for (const unit of char.split('')) classes.set(unit, classes.size + 1);
  const width = classes.size + 1;
  const classOf = new Uint16Array(65_536);
  for (const [unit, number] of classes) classOf[unit.charCodeAt(0)] = number;

  const children: Map<number, number>[] = [new Map()];
  /** Number of the literal that ends at a state, or -1. */
  const literalAt: number[] = [-1];
  for (const [i, literal] of literals.entries()) {
    let state = 0;
    for (let k = 0; k < literal.length; k += 1) {
      const unit = classOf[literal.charCodeAt(k)] ?? 0;
      let next = children[state]?.get(unit);
      if (next === undefined) {
        next = children.length;
        children[state]?.set(unit, next);
        children.push(new Map());
        literalAt.push(-1);
      }
      state = next;
    }
    literalAt[state] = i;
  }
  const { next, shorter } = link(children, literalAt, width);
  const nearest = shorter.map((state, i) => ((literalAt[i] ?? -1) >= 0 ? i : state));

  return {
    find(text) {
      let state = 0;
      let ends: Map<number, number> | undefined;
      for (let i = 0; i < text.length; i += 1) {
        state = next[state * width + (classOf[text.charCodeAt(i)] ?? 0)] ?? 0;
        let at = nearest[state] ?? 0;
        if (at === 0) continue;
        ends ??= new Map();
        // Where one was found before, the shorter ones in it were too.
        for (; at !== 0; at = shorter[at] ?? 0) {
          const literal = literalAt[at] ?? -1;
          if (ends.has(literal)) break;
          ends.set(literal, i + 1);
        }
      }
      return ends ?? NONE;
    },
  };
}

interface Links {
  /** The whole transition table: where a state has no child, it goes on as its longest suffix would. */
  readonly next: Int32Array;
  /** The nearest suffix of a state at which a literal ends; 0 for none. */
  readonly shorter: Int32Array;
}

/** Links the states, breadth first. */
function link(children: readonly Map<number, number>[], literalAt: readonly number[], width: number): Links {
  const next = new Int32Array(children.length * width);
  const suffix = new Int32Array(children.length);
  const shorter = new Int32Array(children.length);
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
      shorter[child] = (literalAt[beyond] ?? -1) >= 0 ? beyond : (shorter[beyond] ?? 0);
      queue.push(child);
    }
  }
  return { next, shorter };
}
