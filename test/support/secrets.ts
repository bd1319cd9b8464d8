/** Secrets in every place that may hold one, what is left of them in a text, and servers that say back what they hear. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { listen, type StandIn } from './stand-in.ts';

/** Every secret begins with it. */
const MARK = 'pl4nted';

export const SECRETS = {
  password: `${MARK}/"pass" wörd+1`,
  apiKey: Buffer.from(`${MARK}Id:${MARK}Key-1`).toString('base64'),
  /** Tokens as they stand in paths, queries and headers. */
  path: `${MARK}0Path0Token0`,
  query: `${MARK}-query-token-0`,
  header: `${MARK}-header-token-0`,
  other: `${MARK}+header/key=0`,
  feed: `${MARK}-feed-key-0`,
  /** Of the environment, for something else. */
  foreign: `${MARK}-foreign-0`,
} as const;

/** The variables that a configuration with all of them needs, but for those of Elasticsearch. */
export const ENVIRONMENT = {
  HOOK_TOKEN: SECRETS.header,
  HOOK_KEY: SECRETS.other,
  FEED_KEY: SECRETS.feed,
  AWS_SECRET_ACCESS_KEY: SECRETS.foreign,
  NODE_OPTIONS: '--enable-source-maps --trace-uncaught --trace-warnings',
} as const;

/** The URL of a receiver with tokens in path and query; for the variable `HOOK_URL`. */
export function hookUrl(url: string): string {
  return `${url}/services/${SECRETS.path}/x?key=${SECRETS.query}`;
}

/** Webhook and feeds at a server; a key stands in a header, in the URL's path, and in its query. */
export function outsiders(url: string): { readonly alerts: object; readonly feeds: readonly object[] } {
  const feed = { format: 'plain', kind: 'domain', provider: 'us', licence: 'CC0-1.0', reference: 'https://a.example/' };
  const keyed = { ...feed, api_key_env: 'FEED_KEY', insecure: true };
  return {
    alerts: {
      webhook: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own words
        url: '${HOOK_URL}',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the configuration's own words
        headers: { Authorization: 'Bearer ${HOOK_TOKEN}', 'X-Key': '${HOOK_KEY}' },
        insecure: true,
      },
    },
    feeds: [
      { ...keyed, name: 'by-header', url: `${url}/${SECRETS.path}/list?token=${SECRETS.query}` },
      { ...keyed, name: 'by-path', url: `${url}/{key}/list` },
    ],
  };
}

/** Where a text holds a secret, or a part of one, as it is, in a URL or JSON, in base64 or hexadecimal digits. */
export function tracesIn(text: string): string[] {
  const plain = [...text.matchAll(new RegExp(`${MARK}|${Buffer.from(MARK).toString('hex')}`, 'gi'))].map(
    ({ index }) => `${text.slice(Math.max(0, index - 80), index)}>>>${text.slice(index, index + 40)}`,
  );
  const packed = [...text.matchAll(/[A-Za-z0-9+/_-]{9,}/g)].filter(([run]) =>
    [0, 1, 2, 3].some((at) => holds(run, at)),
  );
  return [...plain, ...packed.map(([run]) => `base64: ${run}`)];
}

function holds(run: string, at: number): boolean {
  return Buffer.from(run.slice(at), 'base64').includes(MARK);
}

/** All that a request holds, packed and unpacked, as a careless server says it back. */
export function heard({ method, url, headers }: IncomingMessage): string {
  const { authorization = '' } = headers;
  const [, packed = ''] = authorization.split(' ');
  return `${method} ${url} ${JSON.stringify(headers)} ${Buffer.from(packed, 'base64').toString('utf8')}`;
}

export type Echo = 'error' | 'page' | 'text' | 'broken JSON' | 'redirect' | 'other product';

/** Says back what it hears, with a status. */
export function echo(status: number, as: Echo): RequestListener {
  return (request, response) => {
    const said = heard(request);
    const product = { 'x-elastic-product': as === 'other product' ? 'Other' : 'Elasticsearch' };
    const headers = { ...product, 'x-echo': encodeURIComponent(said), 'content-type': 'application/json' };
    const cause = { type: 'security_exception', reason: said };
    const bodies: Readonly<Record<Echo, string>> = {
      error: JSON.stringify({ error: { ...cause, root_cause: [cause], caused_by: cause }, status }),
      page: `<html>\n<p>${said}`,
      text: said,
      'broken JSON': `${SECRETS.password}{ ${said}`,
      redirect: '',
      'other product': JSON.stringify({ said }),
    };
    const own = {
      ...headers,
      ...(as === 'page' ? { 'content-type': 'text/html' } : {}),
      ...(as === 'text' ? { 'content-type': 'text/plain' } : {}),
      ...(as === 'redirect' ? { location: `/elsewhere?${encodeURIComponent(said)}` } : {}),
    };
    request.resume().once('end', () => response.writeHead(status, own).end(bodies[as]));
  };
}

export interface EchoServer extends StandIn {
  /** How it answers from now on. */
  answer: RequestListener;
  /** Requests so far. */
  requests: number;
}

export async function echoServer(): Promise<EchoServer> {
  const server = createServer((request, response) => {
    echoing.requests += 1;
    echoing.answer(request, response);
  });
  const echoing: EchoServer = { ...(await listen(server)), answer: echo(500, 'error'), requests: 0 };
  return echoing;
}
