import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local server that answers as a test wants. */
export interface FeedServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: IncomingMessage[];
  /** How it answers from now on: each request takes the next one, and the last one stays. */
  readonly answer: (...answers: readonly Answer[]) => void;
  readonly close: () => Promise<void>;
}

/** A listener, or a text with its headers. */
export type Answer = RequestListener | string;

export async function startFeedServer(): Promise<FeedServer> {
  const asked: IncomingMessage[] = [];
  let answers: Answer[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (typeof answer === 'string') response.end(answer);
    else answer?.(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (...given) => {
      answers = [...given];
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Answer {
  return (_request, response) => response.writeHead(code, headers).end(body);
}

/** Writes for ever, as far as it is read. */
export function endless(response: ServerResponse, chunk: string | Buffer): void {
  const write = (): void => {
    while (!response.destroyed && response.write(chunk));
    response.once('drain', write);
  };
  write();
}
