import { callAt } from './rpc-call.ts';

/** A method and its name, with quotes as JSON in a log line may have them: bare, or escaped once or twice. */
const METHOD = /(\\{0,3})"method\1"\s{0,8}:\s{0,8}\1"[A-Za-z][\w.]{2,63}\1"/g;

const MOST_CALLS = 32;
/** Places looked at in one text. */
const MOST_PLACES = 1000;

/**
 * The JSON-RPC calls in a text, as `method(parameter,parameter)` with the names in order: `mining.subscribe()`,
 * `login(agent,login,pass)`. A method counts only in an object that has `params`, and `id` or `jsonrpc`, of its own.
 * Each call once, at most 32; linear in the text.
 */
export function rpcCalls(text: string): string[] {
  if (!text.includes('method')) return [];
  const calls = new Set<string>();
  let places = 0;
  for (const found of text.matchAll(METHOD)) {
    const call = callAt(text, found.index, found[1] ?? '');
    if (call !== undefined) calls.add(`${call.method}(${call.params.join(',')})`);
    places += 1;
    if (places >= MOST_PLACES || calls.size >= MOST_CALLS) break;
  }
  return [...calls];
}

const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A payload written in hexadecimal or base64, as sensors do, byte for byte; any other text as it is. */
export function decodePayload(text: string): string {
  if (HEX.test(text)) return Buffer.from(text, 'hex').toString('latin1');
  return BASE64.test(text) ? Buffer.from(text, 'base64').toString('latin1') : text;
}
