import type { Walk } from './prefilter-tokens.ts';

/** What is remembered of spans of bytes, told apart by every byte. */
export interface Spans<T> {
  /** @param hash of the bytes from `from` to `to`, by whatever makes it: it only has to be the same every time. */
  find(walk: Walk, from: number, to: number, hash: number): T | undefined;
  /** Remembers a span that is not known yet, if there is room. */
  add(walk: Walk, from: number, to: number, hash: number, value: T): void;
}

/** Longer spans seldom come twice. */
const LONGEST = 128;
/** Spans may be chosen so that their hashes are alike: then some of them are not remembered. */
const MOST_PROBES = 8;
const FIRST_SLOTS = 16;

/** A hash table of at most so many spans; when it is full it forgets all or, where `fixed`, takes no more. */
export function createSpans<T>(most: number, { fixed }: { readonly fixed: boolean }): Spans<T> {
  /** Number of the span in each slot; 0 for none. */
  let slots = new Uint32Array(FIRST_SLOTS);
  let hashes: number[] = [0];
  let values: (T | undefined)[] = [undefined];
  let texts = createTexts();

  function place(number: number): void {
    const mask = slots.length - 1;
    const first = hashes[number] ?? 0;
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const slot = (first + probe) & mask;
      if (slots[slot] !== 0) continue;
      slots[slot] = number;
      return;
    }
  }
  function makeRoom(): void {
    if (hashes.length > most) {
      hashes = [0];
      values = [undefined];
      texts = createTexts();
      slots.fill(0);
    } else if (hashes.length * 2 > slots.length) {
      slots = new Uint32Array(slots.length * 2);
      for (let number = 1; number < hashes.length; number += 1) place(number);
    }
  }

  return {
    find(walk, from, to, hash) {
      const mask = slots.length - 1;
      for (let probe = 0; probe < MOST_PROBES; probe += 1) {
        const number = slots[(hash + probe) & mask] ?? 0;
        if (number === 0) return undefined;
        if (hashes[number] === hash && texts.is(number, walk, from, to)) return values[number];
      }
      return undefined;
    },
    add({ bytes }, from, to, hash, value) {
      if (to - from > LONGEST || (fixed && hashes.length > most)) return;
      makeRoom();
      hashes.push(hash);
      values.push(value);
      texts.add(bytes.subarray(from, to));
      place(hashes.length - 1);
    },
  };
}

const FIRST_BYTES = 256;

/** The spans themselves, one behind the other, by their numbers from 1 on. */
function createTexts() {
  let text = new Uint8Array(FIRST_BYTES);
  let view = new DataView(text.buffer);
  const ends: number[] = [0];
  return {
    add(span: Uint8Array): void {
      const start = ends.at(-1) ?? 0;
      if (start + span.length > text.length) {
        const longer = new Uint8Array(2 * text.length);
        longer.set(text);
        text = longer;
        view = new DataView(text.buffer);
      }
      text.set(span, start);
      ends.push(start + span.length);
    },
    is(number: number, { bytes, view: other }: Walk, from: number, to: number): boolean {
      const start = ends[number - 1] ?? 0;
      if ((ends[number] ?? 0) - start !== to - from) return false;
      const shift = start - from;
      let at = from;
      for (; at + 4 <= to; at += 4) if (other.getInt32(at, true) !== view.getInt32(at + shift, true)) return false;
      for (; at < to; at += 1) if (bytes[at] !== text[at + shift]) return false;
      return true;
    },
  };
}
