/** A stream of pseudo-random values that its seed decides. Small and fast; not for secrets. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  chance(probability: number): boolean;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state, a period of 2^32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function bits(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const next = () => bits() / 0x1_0000_0000;
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: <T>(list: readonly T[]) => list[below(list.length)] as T,
    chance: (probability) => next() < probability,
    hex(digits) {
      let text = '';
      while (text.length < digits) text += bits().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/** A seed for one of several independent streams of the same seed: FNV-1a over the name. */
export function seedOf(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
