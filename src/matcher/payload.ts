/** A quote, as JSON in a log line may have it: bare, or escaped once or twice. */
const QUOTE = String.raw`\\{0,3}"`;
const METHOD = new RegExp(`${QUOTE}method${QUOTE}\\s{0,8}:\\s{0,8}${QUOTE}([A-Za-z][\\w.]{2,63})${QUOTE}`, 'g');
const NAME = new RegExp(`${QUOTE}(\\w{1,40})${QUOTE}\\s{0,8}:`, 'g');
const PARAMS = /params/;
const FRAME = /\bid\b|jsonrpc/;

/** A message is looked for this far around its method, in characters. */
const BEFORE = 500;
const AFTER = 2000;
const MOST_CALLS = 32;
const MOST_NAMES = 40;

/**
 * The JSON-RPC calls in a text, as `method(parameter,parameter)` with the names in order: `mining.subscribe()`,
 * `login(agent,login,pass)`. A method counts only beside `params` and an `id` or `jsonrpc`. Each call once, at most 32;
 * linear in the text.
 */
export function rpcCalls(text: string): string[] {
  if (!text.includes('method')) return [];
  const calls = new Set<string>();
  for (const found of text.matchAll(METHOD)) {
    const around = text.slice(Math.max(0, found.index - BEFORE), found.index + found[0].length + AFTER);
    if (!PARAMS.test(around) || !FRAME.test(around)) continue;
    const names = new Set<string>();
    for (const [, name = ''] of around.matchAll(NAME)) {
      if (names.size < MOST_NAMES) names.add(name);
    }
    for (const frame of ['id', 'jsonrpc', 'method', 'params']) names.delete(frame);
    calls.add(`${found[1]}(${[...names].sort().join(',')})`);
    if (calls.size >= MOST_CALLS) break;
  }
  return [...calls];
}
