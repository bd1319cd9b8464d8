/** HTTP servers that stand where Elasticsearch should: one that refuses, and one that passes on and may go away. */
import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** Lets a server listen on a free port of this machine. */
export async function listen(server: Server): Promise<StandIn> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // One that a failed test leaves open does not keep the others from ending.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers everything with one error, as Elasticsearch words it. */
export function refusing(status: number, type: string, reason: string): Promise<StandIn> {
  const cause = { type, reason };
  const body = JSON.stringify({ error: { root_cause: [cause], ...cause }, status });
  return listen(
    createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
      response.end(body);
    }),
  );
}

export interface Passage extends StandIn {
  /** While true, every connection is cut. */
  away: boolean;
  /** Requests passed on so far, as `POST /_bulk`. */
  readonly passed: readonly string[];
  /** Passes the next request on whose method and path fit, and cuts the connection in place of its answer. */
  loseAnswer(pattern: RegExp): void;
}

/**
 * Passes everything on to Elasticsearch.
 *
 * @param passing told of each request before it is passed on, as `POST /_bulk`.
 */
export async function passage(to: string, passing: (line: string) => void = () => undefined): Promise<Passage> {
  const passed: string[] = [];
  const state: { away: boolean; lose?: RegExp | undefined } = { away: false };
  const server = createServer((incoming, response: ServerResponse) => {
    if (state.away) return void response.destroy();
    const line = `${incoming.method} ${incoming.url}`;
    passed.push(line);
    passing(line);
    const lost = state.lose?.test(line) === true;
    if (lost) state.lose = undefined;
    const { method, headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? '/', to), { method: method ?? 'GET', headers }, (answer) => {
      if (lost) return void answer.resume().once('end', () => response.destroy());
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      return void answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    return void incoming.pipe(outgoing);
  });
  const standIn = await listen(server);
  return {
    ...standIn,
    passed,
    loseAnswer(pattern) {
      state.lose = pattern;
    },
    get away() {
      return state.away;
    },
    set away(value) {
      state.away = value;
    },
  };
}
