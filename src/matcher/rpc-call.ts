/** A JSON-RPC call as it stands in a text. */
export interface Call {
  readonly method: string;
  /** Names of its parameters, in order of the alphabet; none where they have only places. */
  readonly params: readonly string[];
}

/** The object of a call is looked for this far before its method, and read this far, in characters. */
const BEFORE = 1000;
const LONGEST = 8000;
const MOST_NAMES = 40;
const DEEPEST = 32;
const MOST_SLASHES = 16;

interface Level {
  readonly bracket: '{' | '[';
  /** The name that the last value of an object has. */
  name: string;
  /** A name may come next. */
  fresh: boolean;
}

/** Where the object begins in which something stands; -1 if in none. Braces in texts may mislead it, to no harm. */
function objectAround(text: string, place: number): number {
  let closed = 0;
  for (let i = place - 1; i >= Math.max(0, place - BEFORE); i -= 1) {
    const char = text[i];
    if (char === '}' || char === ']') closed += 1;
    else if (char === '{' || char === '[') {
      if (closed === 0) return char === '{' ? i : -1;
      closed -= 1;
    }
  }
  return -1;
}

/** Where the text that begins at `start` ends, before its quote; -1 if it doesn't within reach. */
function endOfText(text: string, start: number, escape: string): number {
  for (let quote = text.indexOf('"', start); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    if (quote > start + LONGEST) return -1;
    let slashes = 0;
    while (slashes <= MOST_SLASHES && quote - slashes > start && text[quote - slashes - 1] === '\\') slashes += 1;
    if (slashes === escape.length) return quote - slashes;
    // The text around ends first.
    if (slashes < escape.length) return -1;
    if (escape === '' && slashes % 2 === 0) return quote;
  }
  return -1;
}

/**
 * Reads the object around a method as a JSON-RPC call, in JSON of which the quotes have `escape` before them; undefined
 * if it is none. A call that is cut off counts if what makes it a call is there.
 */
export function callAt(text: string, place: number, escape: string): Call | undefined {
  const start = objectAround(text, place);
  if (start < 0) return undefined;
  const quote = `${escape}"`;
  const levels: Level[] = [];
  const own = new Map<string, string>();
  const params = new Set<string>();
  const limit = Math.min(text.length, start + LONGEST);
  let i = start;
  while (i < limit) {
    const char = text[i];
    const level = levels.at(-1);
    if (char === '{' || char === '[') {
      if (levels.length >= DEEPEST) break;
      levels.push({ bracket: char, name: '', fresh: true });
    } else if (char === '}' || char === ']') {
      levels.pop();
      if (levels.length === 0) break;
    } else if (char === ',' && level !== undefined) level.fresh = true;
    else if (text.startsWith(quote, i)) {
      const from = i + quote.length;
      const to = endOfText(text, from, escape);
      if (to < 0) break;
      take(text.slice(from, to), levels, own, params);
      i = to + quote.length;
      continue;
    } else if (char === '"') break;
    i += 1;
  }
  const method = own.get('method');
  const framed = own.has('params') && (own.has('id') || own.has('jsonrpc'));
  return method === undefined || !framed ? undefined : { method, params: [...params].sort() };
}

/** Takes a text for a name of the object it stands in, or for the value of the last name. */
function take(found: string, levels: readonly Level[], own: Map<string, string>, params: Set<string>): void {
  const level = levels.at(-1);
  if (level === undefined || level.bracket === '[') return;
  const [first] = levels;
  if (!level.fresh) {
    if (level === first) own.set(level.name, found);
    return;
  }
  level.fresh = false;
  level.name = found;
  if (level === first) own.set(found, '');
  const inParams =
    first?.name === 'params' && (levels.length === 2 || (levels.length === 3 && levels[1]?.bracket === '['));
  if (inParams && params.size < MOST_NAMES) params.add(found);
}
