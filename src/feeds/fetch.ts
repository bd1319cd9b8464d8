import { Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import got, { MaxRedirectsError, type OptionsInit, RequestError, TimeoutError } from 'got';
import { formatDuration } from '../model/duration.ts';
import { ConfigError, FeedError } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import { createRedact } from '../telemetry/redact.ts';

/** What a server wants to be asked with next time, to say that nothing changed. */
export interface Validators {
  readonly etag?: string;
  readonly last_modified?: string;
}

/** `body` is absent where nothing changed since the validators. */
export interface Fetched {
  readonly body?: Uint8Array;
  readonly validators: Validators;
}

export interface FetchOptions {
  readonly validators: Validators;
  /** Holds the key, and the proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** Milliseconds before the second attempt; it doubles with each. */
  readonly backoff?: number;
}

const ATTEMPTS = 3;
const BACKOFF = 1000;
/** A server that asks for a longer wait is asked again at the feed's next turn. */
const LONGEST_WAIT = 60_000;
const MOST_REDIRECTS = 5;
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Faults of name, certificate or address that another attempt does not mend. */
const LASTING = /^(ENOTFOUND|ERR_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HPE_)/;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/**
 * Fetches a feed. No error holds the key or the URL's path.
 *
 * @throws FeedError `feed_http`; ConfigError where the environment lacks the key.
 */
export async function fetchFeed(feed: Feed, options: FetchOptions): Promise<Fetched> {
  const key = keyOf(feed, options.env);
  const redact = createRedact(key === undefined ? [] : [key]);
  const fail = (why: string, retryable: boolean) =>
    new FeedError(redact(`The feed ${feed.name} can't be fetched from ${new URL(feed.url).host}: ${why}.`), {
      code: 'feed_http',
      retryable,
    });
  const agent = {
    http: new HttpAgent({ proxyEnv: options.env }),
    https: new HttpsAgent({ proxyEnv: options.env }),
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const { answer, problem } = await tryOnce(feed, key, agent, options);
      if (answer?.status === 304 && hasAny(options.validators)) return { validators: options.validators };
      if (answer !== undefined && answer.status >= 200 && answer.status < 300) {
        return { body: answer.body, validators: validatorsOf(answer.headers) };
      }
      const { why, passing } = problem ?? statusProblem(answer);
      const wait = waitOf(answer?.headers, (options.backoff ?? BACKOFF) * 2 ** (attempt - 1));
      if (!passing || options.signal?.aborted === true) throw fail(why, passing);
      if (attempt >= ATTEMPTS) throw fail(`${why} (${attempt} attempts)`, true);
      if (wait > LONGEST_WAIT) throw fail(`${why}, and asks to wait ${formatDuration(wait)}`, true);
      await sleep(wait, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  } finally {
    agent.http.destroy();
    agent.https.destroy();
  }
}

/** @throws ConfigError where the variable that should hold the key is not set. */
export function keyOf({ name, api_key_env: variable }: Feed, env: FetchOptions['env']): string | undefined {
  if (variable === undefined) return undefined;
  const key = env[variable]?.trim();
  if (key !== undefined && /^[\x21-\x7e]+$/.test(key)) return key;
  const state = key === undefined || key === '' ? 'is not set' : 'holds something else than a key';
  throw new ConfigError(`The feed ${name} needs a key, and the environment variable ${variable} ${state}.`);
}

interface Problem {
  readonly why: string;
  /** Another attempt may succeed. */
  readonly passing: boolean;
}

/** One attempt, with its redirects. Its body is read while it is no longer than allowed, and only of a good answer. */
async function tryOnce(
  feed: Feed,
  key: string | undefined,
  agent: NonNullable<OptionsInit['agent']>,
  { validators, signal }: FetchOptions,
): Promise<{ answer?: Answer; problem?: Problem }> {
  let refusal: Problem | undefined;
  const stream = got.stream(feed.url.replaceAll('{key}', encodeURIComponent(key ?? '')), {
    agent,
    headers: headersOf(feed, key, validators),
    timeout: { request: feed.timeout },
    retry: { limit: 0 },
    throwHttpErrors: false,
    maxRedirects: MOST_REDIRECTS,
    ...(signal === undefined ? {} : { signal }),
    hooks: {
      beforeRedirect: [
        ({ url, headers }, { url: from }) => {
          const to = new URL(String(url));
          if (to.protocol !== 'https:' && !feed.insecure) {
            refusal = { why: `it redirects to ${to.protocol.slice(0, -1)}, and only https is allowed`, passing: false };
            throw new Error(refusal.why);
          }
          if (to.origin !== new URL(from).origin) delete headers[feed.api_key_header.toLowerCase()];
        },
      ],
    },
  });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (stream.response?.ok !== true) break;
      size += chunk.length;
      if (size > feed.max_bytes)
        return { problem: { why: `it is longer than ${feed.max_bytes} bytes`, passing: false } };
      chunks.push(chunk);
    }
    const { statusCode: status = 0, headers = {} } = stream.response ?? {};
    return { answer: { status, headers, body: Buffer.concat(chunks) } };
  } catch (error) {
    return { problem: refusal ?? problemOf(error, feed) };
  } finally {
    stream.destroy();
  }
}

function headersOf(feed: Feed, key: string | undefined, { etag, last_modified }: Validators): Record<string, string> {
  return {
    'user-agent': 'minecanary',
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(last_modified === undefined ? {} : { 'if-modified-since': last_modified }),
    ...(key === undefined || feed.url.includes('{key}') ? {} : { [feed.api_key_header.toLowerCase()]: key }),
  };
}

function validatorsOf({ etag, 'last-modified': last_modified }: IncomingHttpHeaders): Validators {
  return { ...(etag === undefined ? {} : { etag }), ...(last_modified === undefined ? {} : { last_modified }) };
}

function hasAny({ etag, last_modified }: Validators): boolean {
  return etag !== undefined || last_modified !== undefined;
}

function statusProblem(answer: Answer | undefined): Problem {
  const status = answer?.status ?? 0;
  const help = status === 401 || status === 403 ? '; is the key right?' : '';
  return { why: `it answers ${status}${help}`, passing: PASSING.has(status) };
}

function problemOf(error: unknown, { timeout }: Feed): Problem {
  if (error instanceof TimeoutError) return { why: `it takes longer than ${timeout / 1000} s`, passing: true };
  if (error instanceof MaxRedirectsError)
    return { why: `it redirects more than ${MOST_REDIRECTS} times`, passing: false };
  const code = error instanceof RequestError ? error.code : '';
  if (code === 'ERR_ABORTED') return { why: 'minecanary is ending', passing: false };
  if (code === 'ERR_HTTP_CONTENT_LENGTH_MISMATCH' || code === 'ECONNRESET') {
    return { why: 'it ends before all of it came', passing: true };
  }
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown } | undefined)?.code : undefined;
  if (String(cause).startsWith('Z_')) return { why: "its packed content can't be unpacked", passing: true };
  const words = (error instanceof Error ? error.message : String(error)).replace(/\s*\S+:\/\/[^]*/, '');
  return { why: `${code === '' ? '' : `${code}, `}${words}`, passing: !LASTING.test(code) };
}

/** Milliseconds to the next attempt: as the server asks (`Retry-After`, RFC 9110), else `backoff`. */
function waitOf(headers: IncomingHttpHeaders | undefined, backoff: number): number {
  const asked = headers?.['retry-after'];
  if (asked === undefined) return backoff;
  const wait = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(wait) ? backoff : Math.max(wait, 0);
}
