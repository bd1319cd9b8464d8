import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../model/errors.ts';

/** What a path answers with. */
export interface Answer {
  readonly status: 200 | 503;
  readonly type: string;
  readonly body: string;
}

export interface Listening {
  /** `http://127.0.0.1:9464` */
  readonly url: string;
  /** Cuts what is open, and ends. */
  readonly close: () => Promise<void>;
}

const BOUNDS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
};
const MOST_CONNECTIONS = 64;
const TEXT = 'text/plain; charset=utf-8';

/**
 * Answers GET and HEAD on some paths.
 *
 * @param listen `host:port`; the host of IPv6 in brackets. Port 0 takes a free one.
 * @throws ConfigError where it can't be listened on.
 */
export async function serve(
  listen: string,
  paths: Readonly<Record<string, () => Promise<Answer>>>,
): Promise<Listening> {
  const { host, port } = listenAddress(listen);
  const server = createServer(BOUNDS, (request, response) => void answer(paths, request, response));
  server.maxConnections = MOST_CONNECTIONS;
  await listenOn(server, host, port).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const why = code === 'EADDRINUSE' ? 'something else listens there (EADDRINUSE). End it, or give' : `${code}. Give`;
    throw new ConfigError(`metrics.listen ${listen} can't be listened on: ${why} another address or port.`);
  });
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Whether none but this machine can come there. */
export function isLoopback(listen: string): boolean {
  const { host } = listenAddress(listen);
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function listenAddress(listen: string): { host: string; port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(listen.slice(colon + 1)) };
}

async function listenOn(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  paths: Readonly<Record<string, () => Promise<Answer>>>,
  { method = '', url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const end = (status: number, type: string, body: string): void => {
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(method === 'HEAD' ? undefined : body);
  };
  const path = url.split('?', 1)[0] ?? '';
  const asked = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (asked === undefined) return end(404, TEXT, `There are ${Object.keys(paths).join(', ')}.\n`);
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return end(405, TEXT, 'GET and HEAD only.\n');
  }
  try {
    const { status, type, body } = await asked();
    end(status, type, body);
  } catch {
    end(500, TEXT, 'This could not be told.\n');
  }
}
