/** The ingest engine, as a newer Elasticsearch would answer for it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type StandIn } from '../stand-in.ts';
import type { IngestEngine } from './engine.ts';

export interface NewerEngine extends StandIn {
  /** Requests that came, as `PUT /_ingest/pipeline/name`. */
  readonly requests: readonly string[];
  /** Names of pipelines and their `_meta`. */
  readonly meta: Map<string, unknown>;
}

const PIPELINE = /^\/_ingest\/pipeline\/([^/?]+)$/;

/**
 * What Elasticsearch 7.10.2 lacks, beside it: the header by which the client knows the product, its media types, and the
 * `_meta` of pipelines, which is kept here. Everything else is the engine's.
 */
export async function startNewer(engine: IngestEngine): Promise<NewerEngine> {
  const requests: string[] = [];
  const meta = new Map<string, unknown>();
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    requests.push(`${method} ${url}`);
    const text = await textOf(request);
    const [path = '/'] = url.split('?');
    const name = PIPELINE.exec(path)?.[1];
    const isPipeline = name !== undefined && name !== '_simulate';
    const { kept, body } = method === 'PUT' || path.endsWith('/_simulate') ? withoutMeta(text) : { body: text };
    const type = headers['content-type']?.includes('ndjson') === true ? 'application/x-ndjson' : 'application/json';
    const answered = await fetch(`${engine.url}${url}`, {
      method,
      headers: { 'content-type': type },
      ...(body === '' ? {} : { body }),
    });
    let answerText = await answered.text();
    if (isPipeline && answered.ok && method === 'PUT') meta.set(name, kept);
    if (isPipeline && answered.ok && method === 'DELETE') meta.delete(name);
    if (isPipeline && answered.ok && method === 'GET') answerText = withMeta(answerText, meta);
    response.writeHead(answered.status, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' });
    response.end(answerText);
  }
  return { ...(await listen(server)), requests, meta };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

type Body = Record<string, unknown>;

/** A pipeline, or what holds one, without its `_meta`. */
function withoutMeta(text: string): { readonly kept?: unknown; readonly body: string } {
  const body = JSON.parse(text) as Body;
  const pipeline = (body['pipeline'] ?? body) as Body;
  const { _meta: kept } = pipeline;
  delete pipeline['_meta'];
  return { kept, body: JSON.stringify(body) };
}

function withMeta(text: string, meta: ReadonlyMap<string, unknown>): string {
  const found = JSON.parse(text) as Record<string, Body>;
  for (const [name, pipeline] of Object.entries(found)) {
    const kept = meta.get(name);
    if (kept !== undefined) pipeline['_meta'] = kept;
  }
  return JSON.stringify(found);
}
