/** What is found out about the text of an event on the way through it. */
export interface Walk {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
  /** Their number; asking for it again and again is slow. */
  readonly length: number;
  /** The last string has an escape in it. */
  escaped: boolean;
  /** All bytes of strings so far are ASCII. */
  ascii: boolean;
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** In place of an offset: there is something that can't be vouched for. */
export const DOUBT = -1;

export const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;

/** What may follow a backslash, but for `u`. */
const ESCAPES = new Uint8Array(256);
for (const char of '"\\/bfnrt') ESCAPES[char.charCodeAt(0)] = 1;
const HEX = new Uint8Array(256);
for (const char of '0123456789abcdefABCDEF') HEX[char.charCodeAt(0)] = 1;

/** Past blanks, which in a line are no line feeds. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at]; code === 0x20 || code === 0x09 || code === 0x0d; code = bytes[at]) at += 1;
  return at;
}

/** Where the closing quote is of the string of which the first byte is at `from`; or doubt. */
export function stringEnd(walk: Walk, from: number): number {
  const { bytes, view, length } = walk;
  const last = length - 4;
  walk.escaped = false;
  let at = from;
  for (;;) {
    const odd = at <= last ? oddBytes(view.getInt32(at, true)) : ALL_ODD;
    if (odd === 0) {
      at += 4;
      continue;
    }
    at += (31 - Math.clz32(odd & -odd)) >> 3;
    const code = bytes[at];
    if (code === QUOTE) return at;
    at = pastOdd(walk, at, code ?? 0);
    if (at === DOUBT) return DOUBT;
  }
}

const ALL_ODD = 0x80808080 | 0;

/**
 * Looks at four bytes in one: the upper bit of the first one that is a quote, a backslash, a control character or no
 * ASCII. Bits of later bytes may be set without reason; 0 if none of the four is such a byte.
 */
function oddBytes(four: number): number {
  const quotes = four ^ 0x22222222;
  const slashes = four ^ 0x5c5c5c5c;
  const found =
    ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | ((four - 0x20202020) & ~four) | four;
  return found & 0x80808080;
}

/** A number made of every byte and their count: equal bytes have equal ones. */
export function hashOf({ bytes, view }: Walk, from: number, to: number): number {
  let hash = to - from;
  let at = from;
  for (; at + 4 <= to; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1) ^ (hash >>> 15);
  for (; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x9e3779b1);
  hash ^= hash >>> 15;
  return hash ^ (hash >>> 7);
}

/** Past an escape, a byte of a character that is not ASCII, or one that was taken for odd; or doubt. */
function pastOdd(walk: Walk, at: number, code: number): number {
  if (code >= 0x80) {
    walk.ascii = false;
    return at + 1;
  }
  if (code >= 0x20 && code !== BACKSLASH) return at + 1;
  if (code !== BACKSLASH) return DOUBT;
  walk.escaped = true;
  const { bytes } = walk;
  const next = bytes[at + 1] ?? 0;
  if (ESCAPES[next] === 1) return at + 2;
  if (next !== 0x75) return DOUBT;
  for (let i = at + 2; i < at + 6; i += 1) if (HEX[bytes[i] ?? 0] !== 1) return DOUBT;
  return at + 6;
}

/** Past a number, `true`, `false` or `null`; or doubt. */
export function scalarEnd(bytes: Uint8Array, from: number): number {
  const code = bytes[from] ?? 0;
  if (code === 0x74) return wordEnd(bytes, from, 'true');
  if (code === 0x66) return wordEnd(bytes, from, 'false');
  return code === 0x6e ? wordEnd(bytes, from, 'null') : numberEnd(bytes, from);
}

function wordEnd(bytes: Uint8Array, from: number, word: string): number {
  for (let i = 0; i < word.length; i += 1) if (bytes[from + i] !== word.charCodeAt(i)) return DOUBT;
  return from + word.length;
}

function numberEnd(bytes: Uint8Array, from: number): number {
  const start = bytes[from] === MINUS ? from + 1 : from;
  let at = digitsEnd(bytes, start);
  if (at === start || (bytes[start] === ZERO && at > start + 1)) return DOUBT;
  if (bytes[at] === DOT) {
    const past = digitsEnd(bytes, at + 1);
    if (past === at + 1) return DOUBT;
    at = past;
  }
  if (((bytes[at] ?? 0) | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  const exponent = sign === 0x2b || sign === MINUS ? at + 2 : at + 1;
  const past = digitsEnd(bytes, exponent);
  return past === exponent ? DOUBT : past;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let code = bytes[at] ?? 0; code >= ZERO && code <= 0x39; code = bytes[at] ?? 0) at += 1;
  return at;
}
