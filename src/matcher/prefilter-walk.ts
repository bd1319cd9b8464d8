import type { Spot } from './prefilter-spots.ts';
import { DOUBT, QUOTE, skipBlanks, stringEnd, type Walk } from './prefilter-tokens.ts';

/** A value that is no object and no list. */
export interface Leaf {
  readonly spot: Spot;
  readonly isString: boolean;
  /** Offsets, of a string without its quotes. */
  readonly from: number;
  readonly to: number;
  /** Tells the objects and lists around it, and where they are: what may come next depends on nothing else. */
  readonly within: string;
}

interface Walking {
  readonly walk: Walk;
  /** Takes the leaves, in order. */
  readonly leaves: Leaf[];
}

/** Deeper ones are left to the parser. */
const DEEPEST = 32;
/** Characters that tell of one object or list. */
const PER_LEVEL = 2;

const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Past the object that begins at or behind `from`, where it is valid JSON and no value may lead to a match; or doubt. */
export function walkObject(walk: Walk, from: number, root: Spot, leaves: Leaf[]): number {
  const start = skipBlanks(walk.bytes, from);
  return walk.bytes[start] === OPEN ? objectEnd({ walk, leaves }, start, root, '') : DOUBT;
}

function valueEnd(walking: Walking, from: number, spot: Spot, within: string): number {
  const { walk, leaves } = walking;
  const code = walk.bytes[from];
  if (code === OPEN) return objectEnd(walking, from, spot, within);
  if (code === OPEN_LIST) return listEnd(walking, from, spot, within);
  const isString = code === QUOTE;
  const start = isString ? from + 1 : from;
  const to = isString ? spot.stringEnd(walk, start) : spot.scalarEnd(walk, start);
  if (to === DOUBT) return DOUBT;
  leaves.push({ spot, isString, from: start, to, within });
  return isString ? to + 1 : to;
}

function objectEnd(walking: Walking, from: number, spot: Spot, around: string): number {
  const { walk } = walking;
  const { bytes } = walk;
  if (around.length >= DEEPEST * PER_LEVEL) return DOUBT;
  const within = `${around}{${String.fromCharCode(spot.id)}`;
  let at = skipBlanks(bytes, from + 1);
  if (bytes[at] === CLOSE) return at + 1;
  for (;;) {
    if (bytes[at] !== QUOTE) return DOUBT;
    const keyEnd = stringEnd(walk, at + 1);
    if (keyEnd === DOUBT) return DOUBT;
    const under = spot.under(walk, at + 1, keyEnd);
    at = skipBlanks(bytes, keyEnd + 1);
    if (bytes[at] !== COLON) return DOUBT;
    at = valueEnd(walking, skipBlanks(bytes, at + 1), under, within);
    if (at === DOUBT) return DOUBT;
    at = skipBlanks(bytes, at);
    if (bytes[at] === CLOSE) return at + 1;
    if (bytes[at] !== COMMA) return DOUBT;
    at = skipBlanks(bytes, at + 1);
  }
}

function listEnd(walking: Walking, from: number, spot: Spot, around: string): number {
  const { bytes } = walking.walk;
  if (around.length >= DEEPEST * PER_LEVEL) return DOUBT;
  const within = `${around}[${String.fromCharCode(spot.id)}`;
  let at = skipBlanks(bytes, from + 1);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    at = valueEnd(walking, at, spot, within);
    if (at === DOUBT) return DOUBT;
    at = skipBlanks(bytes, at);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return DOUBT;
    at = skipBlanks(bytes, at + 1);
  }
}
