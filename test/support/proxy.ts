/** An HTTP proxy in front of Elasticsearch that answers some requests, or some items of bulk requests, itself. */
import { createServer, type IncomingMessage } from 'node:http';
import { listen, type StandIn } from './stand-in.ts';

/** One write of a bulk request, as the client sent it. */
export interface Write {
  readonly action: 'create' | 'index' | 'update' | 'delete';
  readonly index: string;
  readonly id: string;
}

export interface Refused {
  readonly status: number;
  readonly type: string;
  readonly reason: string;
}

export interface Rules {
  /** Refuses an item of a bulk request; it never reaches Elasticsearch. */
  readonly item?: (write: Write) => Refused | undefined;
  /** Refuses a whole request, named as `POST /_bulk`. */
  readonly request?: (line: string, body: string) => Refused | undefined;
  /** Changes what Elasticsearch answers to a request. */
  readonly answer?: (line: string, answer: Record<string, unknown>) => Record<string, unknown>;
}

export const OVERLOAD: Refused = { status: 429, type: 'es_rejected_execution_exception', reason: 'queue is full' };
export const UNFIT: Refused = { status: 400, type: 'document_parsing_exception', reason: 'it does not fit' };

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const JSON_HEADERS = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function pass(to: string, request: IncomingMessage, body: string): Promise<Answer> {
  const { method = 'GET', url = '/', headers } = request;
  const kept = ['content-type', 'accept', 'authorization'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const answer = await fetch(new URL(url, to), {
    method,
    headers: Object.fromEntries(kept),
    ...(body === '' ? {} : { body }),
  });
  const type = answer.headers.get('content-type') ?? 'application/json';
  return { status: answer.status, headers: { ...JSON_HEADERS, 'content-type': type }, body: await answer.text() };
}

function writeOf(line: string): Write {
  const entries = Object.entries(JSON.parse(line) as Record<Write['action'], { _index: string; _id: string }>);
  const [action, place] = entries[0] ?? ['index', { _index: '', _id: '' }];
  return { action: action as Write['action'], index: place._index, id: place._id };
}

/** Sends on what is not refused and puts the refusals in their places. */
async function bulk(to: string, request: IncomingMessage, body: string, rule: Rules['item']): Promise<Answer> {
  const lines = body.split('\n').filter((line) => line !== '');
  const refusals: (Record<string, unknown> | undefined)[] = [];
  const kept: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const [line = '', document = ''] = [lines[i], lines[i + 1]];
    const { action, index, id } = writeOf(line);
    const write = action === 'delete' ? [line] : [line, document];
    i += write.length;
    const refused = rule?.({ action, index, id });
    if (refused === undefined) kept.push(...write);
    const { status, ...error } = refused ?? { status: 0 };
    refusals.push(refused && { [action]: { _index: index, _id: id, status, error } });
  }
  if (kept.length === lines.length) return pass(to, request, body);
  const empty: Answer = { status: 200, headers: JSON_HEADERS, body: '{"took":0,"items":[]}' };
  const answer = kept.length === 0 ? empty : await pass(to, request, `${kept.join('\n')}\n`);
  const { items } = JSON.parse(answer.body) as { items: Record<string, unknown>[] };
  const all = refusals.map((refusal) => refusal ?? items.shift());
  return { ...answer, body: JSON.stringify({ took: 1, errors: true, items: all }) };
}

export async function startProxy(to: string, rules: Rules): Promise<StandIn> {
  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await textOf(request);
    const line = `${request.method} ${request.url?.split('?', 1)[0]}`;
    const refused = rules.request?.(line, body);
    if (refused !== undefined) {
      const { status, ...cause } = refused;
      const error = { ...cause, root_cause: [cause] };
      return { status, headers: JSON_HEADERS, body: JSON.stringify({ error, status }) };
    }
    if (line.endsWith('/_bulk')) return bulk(to, request, body, rules.item);
    const passed = await pass(to, request, body);
    if (rules.answer === undefined || passed.body === '') return passed;
    return { ...passed, body: JSON.stringify(rules.answer(line, JSON.parse(passed.body) as Record<string, unknown>)) };
  }
  const server = createServer((request, response) => {
    const told = answer(request).then(({ status, headers, body }) =>
      response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body),
    );
    told.catch(() => response.destroy());
  });
  return listen(server);
}
