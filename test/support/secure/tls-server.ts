import { createServer } from 'node:https';
import { listen, type StandIn } from '../stand-in.ts';
import type { Certificates } from './certificates.ts';

export interface TlsServer extends StandIn {
  readonly certificates: Certificates;
  /** Requests that came, as `POST /_bulk`. */
  readonly requests: readonly string[];
}

/**
 * A server on this machine that answers everything with `{}`.
 *
 * @param more certificates that it shows behind its own chain.
 */
export async function tlsServer(certificates: Certificates, more = ''): Promise<TlsServer> {
  const { chain, key } = certificates;
  const requests: string[] = [];
  const server = createServer({ cert: chain + more, key }, ({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' })
      .end('{"username":"nobody"}');
  });
  const listening = await listen(server);
  return { ...listening, url: listening.url.replace('http:', 'https:'), certificates, requests };
}
