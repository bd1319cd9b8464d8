import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { MaxRedirectsError, type OptionsInit, RequestError, TimeoutError } from 'got';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One request, with its redirects. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds, to the last byte. */
  readonly timeout: number;
  /** Longest body of an answer, as sent and unpacked; without it, no body is read. */
  readonly maxBytes?: number;
  /** How many redirects are followed; 0: they are answers like any other. */
  readonly redirects: number;
  /** Without TLS, also after a redirect. */
  readonly insecure: boolean;
  /** Certificates (PEM) of authorities that are trusted instead of those of the system. */
  readonly ca?: string;
  /** The header, in lower case, that is not sent on to another host. */
  readonly secretHeader?: string;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty where it is not read, as that of an error. */
  readonly body: Uint8Array;
}

/** Why there is no answer. */
export interface HttpProblem {
  /** A clause without the URL's path. */
  readonly why: string;
  /** Another attempt may succeed. */
  readonly passing: boolean;
}

export type HttpOutcome = { readonly answer: HttpAnswer } | { readonly problem: HttpProblem };

/** Connections of some requests, through the proxy of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
export interface Connections {
  readonly agent: NonNullable<OptionsInit['agent']>;
  close(): void;
}

/** Statuses that pass by themselves. */
export const PASSING_STATUS: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Faults of name, certificate or address that another attempt does not mend. */
const LASTING = /^(ENOTFOUND|ERR_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HPE_)/;

export function openConnections(env: Environment): Connections {
  const agent = { http: new HttpAgent({ proxyEnv: env }), https: new HttpsAgent({ proxyEnv: env }) };
  return {
    agent,
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

/** Never throws for what a server, or the network, does. */
export async function request(given: HttpRequest, { agent }: Connections): Promise<HttpOutcome> {
  let refusal: HttpProblem | undefined;
  const stream = got.stream(given.url, {
    ...optionsOf(given),
    agent,
    hooks: {
      beforeRedirect: [
        ({ url, headers }, { url: from }) => {
          const to = new URL(String(url));
          if (to.protocol !== 'https:' && !given.insecure) {
            refusal = { why: `it redirects to ${to.protocol.slice(0, -1)}, and only https is allowed`, passing: false };
            throw new Error(refusal.why);
          }
          if (to.origin !== new URL(from).origin && given.secretHeader !== undefined) {
            delete headers[given.secretHeader];
          }
        },
      ],
    },
  });
  // What comes after the answer's head is told to whoever reads the body, if anybody does.
  stream.on('error', () => undefined);
  try {
    await once(stream, 'response');
    const { statusCode: status = 0, headers = {}, ok } = stream.response ?? {};
    if (ok !== true || given.maxBytes === undefined) return { answer: { status, headers, body: new Uint8Array() } };
    const body = await read(stream, given.maxBytes);
    if (body === undefined) return { problem: { why: `it is longer than ${given.maxBytes} bytes`, passing: false } };
    return { answer: { status, headers, body } };
  } catch (error) {
    return { problem: refusal ?? problemOf(error, given) };
  } finally {
    stream.destroy();
  }
}

function optionsOf({ method, headers, body, timeout, redirects, ca, signal }: HttpRequest): OptionsInit {
  return {
    method,
    headers: { 'user-agent': 'minecanary', ...headers },
    timeout: { request: timeout },
    // Said aloud: the environment (`NODE_TLS_REJECT_UNAUTHORIZED`) must not decide it.
    https: { rejectUnauthorized: true, ...(ca === undefined ? {} : { certificateAuthority: ca }) },
    retry: { limit: 0 },
    throwHttpErrors: false,
    followRedirect: redirects > 0,
    maxRedirects: redirects,
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Undefined where it is longer than allowed. */
async function read(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function problemOf(error: unknown, { timeout, redirects }: HttpRequest): HttpProblem {
  if (error instanceof TimeoutError) return { why: `it takes longer than ${timeout / 1000} s`, passing: true };
  if (error instanceof MaxRedirectsError) return { why: `it redirects more than ${redirects} times`, passing: false };
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

/** Milliseconds that an answer asks to wait (`Retry-After`, RFC 9110); undefined where it does not. */
export function askedWait(headers: IncomingHttpHeaders): number | undefined {
  const asked = headers['retry-after'];
  if (asked === undefined) return undefined;
  const wait = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(wait, 0);
}
