/** Is told what a scan comes by. `at` and `end` are offsets in the text. */
export interface Tracker {
  /** The text's own value or the next item of the innermost list begins. */
  readonly item: (at: number) => void;
  /** The next key of the innermost object, with its quotes. */
  readonly key: (at: number, end: number) => void;
  /** The value just announced is a list or an object. */
  readonly open: (array: boolean) => void;
  readonly close: () => void;
}

/** Where a text stops being JSON, and what should stand there. */
export interface JsonFault {
  readonly offset: number;
  readonly expected: string;
}

const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;

/**
 * Reads JSON text once, without building values and without recursion. `JSON.parse` tells neither where a fault is nor
 * where a value lies, and its messages quote the text, which may hold a secret.
 */
export function scanJson(text: string, tracker?: Tracker): JsonFault | undefined {
  /** The brackets that close what is open, innermost last. */
  const closers: string[] = [];
  let state: 'value' | 'member' | 'first' | 'key' | 'after' = 'value';
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    const closer = closers.at(-1);
    if (state === 'after' && closer === undefined) {
      return at < text.length ? { offset: at, expected: 'the end of the file' } : undefined;
    }
    if ((state === 'after' || state === 'first') && text[at] === closer) {
      closers.pop();
      tracker?.close();
      at += 1;
      state = 'after';
    } else if (state === 'after') {
      if (text[at] !== ',') return { offset: at, expected: `"," or "${closer}"` };
      at += 1;
      state = closer === '}' ? 'key' : 'value';
    } else if (state === 'key' || (state === 'first' && closer === '}')) {
      const end = text[at] === '"' ? stringEnd(text, at) : -1;
      if (end < 0) return { offset: at, expected: 'a key in double quotes' };
      tracker?.key(at, end);
      at = skipSpace(text, end);
      if (text[at] !== ':') return { offset: at, expected: '":"' };
      at += 1;
      state = 'member';
    } else {
      if (state !== 'member') tracker?.item(at);
      const past = valueEnd(text, at);
      if (past < 0) return { offset: at, expected: 'a value' };
      state = past === at + 1 && opens(text[at], closers, tracker) ? 'first' : 'after';
      at = past;
    }
  }
}

function opens(bracket: string | undefined, closers: string[], tracker: Tracker | undefined): boolean {
  if (bracket !== '{' && bracket !== '[') return false;
  closers.push(bracket === '[' ? ']' : '}');
  tracker?.open(bracket === '[');
  return true;
}

/** Offset past a scalar or past an opening bracket; -1 where there is neither. */
function valueEnd(text: string, at: number): number {
  const start = text[at];
  if (start === '{' || start === '[') return at + 1;
  if (start === '"') return stringEnd(text, at);
  LITERAL.lastIndex = at;
  return LITERAL.test(text) ? LITERAL.lastIndex : -1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at += 1;
  }
}

/** Offset past the closing quote, or -1. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 34) return at + 1;
    if (code < 32) return -1;
    if (code !== 92) continue;
    ESCAPE.lastIndex = at + 1;
    if (!ESCAPE.test(text)) return -1;
    at = ESCAPE.lastIndex - 1;
  }
  return -1;
}
