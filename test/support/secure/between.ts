/** A server before the secure one that answers some requests itself. */
import { createServer, type RequestListener } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { listen, type StandIn } from '../stand-in.ts';
import { secureElasticsearch } from './elasticsearch.ts';

/** What it says in the place of Elasticsearch, with 200 where only the body is told. */
export type Said = string | readonly [status: number, body: string];

/** Gets each request, as `POST /_bulk`, with its body and what its headers hold. */
export type Instead = (line: string, body: string, heard: string) => Said | undefined;

const PRODUCT = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };

/** The secure server, but for what `instead` answers. */
export function between(instead: Instead): Promise<StandIn> {
  const { url, certificates } = secureElasticsearch();
  const pass: RequestListener = async (incoming, response) => {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = await buffer(incoming);
    const other = instead(`${method} ${path}`, body.toString('utf8'), JSON.stringify(headers));
    if (other !== undefined) {
      const [status, text] = typeof other === 'string' ? [200, other] : other;
      return void response.writeHead(status, PRODUCT).end(text);
    }
    const outgoing = request(new URL(path, url), { method, headers, ca: certificates.ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    return void outgoing.end(body);
  };
  return listen(createServer(pass));
}

/** Every write of a bulk request is refused for good, with what came with it as the reason. */
export function refusedBulk(body: string, heard: string): string {
  const error = { type: 'mapper_parsing_exception', reason: `failed to parse, sent with ${heard}` };
  const actions = body.split('\n').flatMap((text) => /^\{"(create|index|update)":/.exec(text)?.[1] ?? []);
  return JSON.stringify({ errors: true, items: actions.map((action) => ({ [action]: { status: 400, error } })) });
}
