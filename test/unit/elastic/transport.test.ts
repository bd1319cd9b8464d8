import { createServer } from 'node:http';
import { type Client, errors } from '@elastic/elasticsearch';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/elastic/client.ts';
import { reasonOf, sinkError, sourceError } from '../../../src/elastic/errors.ts';
import { createRedact } from '../../../src/telemetry/redact.ts';
import { listen, type StandIn } from '../../support/stand-in.ts';

const API_KEY = 'pl4nted-s3cret==';
const TRACE = /pl4nted|s3cret/;

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly line: string;
  readonly accept: string;
  readonly content: string;
  readonly authorization: string;
}

interface Server extends StandIn {
  readonly asked: readonly Asked[];
  readonly client: Client;
}

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    await server.client.close();
    await server.close();
  }
});

/** A server that answers as told, and a client of it. */
async function serverThat(answer: (asked: Asked) => Answer): Promise<Server> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const { accept = '', 'content-type': content = '', authorization = '' } = headers;
    const one = { line: `${method} ${url}`, accept, content, authorization };
    asked.push(one);
    request.resume().once('end', () => {
      const { status, body = '', headers: own = {} } = answer(one);
      const common = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
      response.writeHead(status, { ...common, ...own }).end(method === 'HEAD' ? '' : body);
    });
  });
  const listening = await listen(server);
  const client = connect({ node: [listening.url], apiKey: API_KEY, redact: createRedact([API_KEY]) });
  const found = { ...listening, asked, client };
  open.push(found);
  return found;
}

function refused(type: string, reason: string, status = 400): Answer {
  return { status, body: JSON.stringify({ error: { root_cause: [{ type, reason }], type, reason }, status }) };
}

/** As 8.19 answers what is asked in the version of 9. */
function older(answer: (asked: Asked) => Answer): (asked: Asked) => Answer {
  const reason = 'Accept version must be either version 8 or 7, but found 9.';
  return (asked) =>
    asked.accept.includes('compatible-with=8') ? answer(asked) : refused('media_type_header_exception', reason);
}

const versions = ({ asked }: Server): (string | undefined)[] =>
  asked.map(({ accept }) => /compatible-with=(\d+)/.exec(accept)?.[1]);

const REFUSED = { name: 'ResponseError', statusCode: 400 };
const DONE: Answer = { status: 200, body: '{"count":7,"items":[]}' };

describe('a server of version 9', () => {
  test('is asked in its own version', async () => {
    const server = await serverThat(() => DONE);
    await server.client.count();
    await server.client.indices.exists({ index: 'a' });
    expect(versions(server)).toEqual(['9', '9']);
  });

  test('that refuses for another reason is asked once', async () => {
    const server = await serverThat(() => refused('parsing_exception', 'no'));
    await expect(server.client.count()).rejects.toThrow('parsing_exception');
    await expect(server.client.count()).rejects.toThrow('parsing_exception');
    expect(versions(server)).toEqual(['9', '9']);
  });
});

describe('a server of version 8', () => {
  test('is asked in its version from its first refusal on, bodies too', async () => {
    const server = await serverThat(older(() => DONE));
    expect(await server.client.count()).toMatchObject({ count: 7 });
    await server.client.bulk({ operations: [{ delete: { _index: 'a', _id: 'b' } }] });
    expect(versions(server)).toEqual(['9', '8', '8']);
    expect(server.asked.at(-1)?.content).toBe('application/vnd.elasticsearch+x-ndjson; compatible-with=8');
  });

  test('is not taken for one where HEAD is refused for another reason', async () => {
    const server = await serverThat(() => ({ status: 400 }));
    for (const _ of [1, 2]) await expect(server.client.indices.exists({ index: 'a' })).rejects.toMatchObject(REFUSED);
    expect(versions(server)).toEqual(['9', '8', '9', '8']);
  });

  test.each([
    [200, true],
    [404, false],
  ])('is found out by HEAD too, which has no body to tell why: %i', async (status, there) => {
    const server = await serverThat(older(() => ({ status })));
    expect(await server.client.indices.exists({ index: 'a' })).toBe(there);
    expect(await server.client.indices.exists({ index: 'a' })).toBe(there);
    expect(versions(server)).toEqual(['9', '8', '8']);
  });

  test('stays one where it refuses a request for itself', async () => {
    const server = await serverThat(older(() => refused('parsing_exception', 'no')));
    await expect(server.client.count()).rejects.toThrow('parsing_exception');
    await expect(server.client.count()).rejects.toThrow('parsing_exception');
    expect(versions(server)).toEqual(['9', '8', '8']);
  });

  test('goes by the credentials and headers of the newer one', async () => {
    const server = await serverThat(older(() => DONE));
    await server.client.count();
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(Array(2).fill(`ApiKey ${API_KEY}`));
  });
});

describe('what is not available', () => {
  const UNAVAILABLE = refused('no_shard_available_action_exception', 'not yet', 503);

  test('is asked for again after a moment', async () => {
    let left = 5;
    const server = await serverThat(() => ((left -= 1) < 0 ? DONE : UNAVAILABLE));
    expect(await server.client.count()).toMatchObject({ count: 7 });
    expect(server.asked).toHaveLength(6);
  });

  test('is given up in the end, and at once where no retries are wanted', async () => {
    const server = await serverThat(() => UNAVAILABLE);
    await expect(server.client.count()).rejects.toMatchObject({ statusCode: 503 });
    expect(server.asked).toHaveLength(12);
    await expect(server.client.count({}, { maxRetries: 0 })).rejects.toMatchObject({ statusCode: 503 });
    expect(server.asked).toHaveLength(13);
  });
});

test.each([
  ['9', (answer: Answer) => () => answer],
  ['8', (answer: Answer) => older(() => answer)],
])('another product that speaks version %s is refused', async (_version, speak) => {
  const { client } = await serverThat(speak({ ...DONE, headers: { 'x-elastic-product': 'Other' } }));
  await expect(client.count()).rejects.toThrow(errors.ProductNotSupportedError);
  // A node that is killed answers so: the same may be asked again.
  const error: unknown = await client.count().catch((thrown: unknown) => thrown);
  expect(sourceError('Counting', error)).toMatchObject({ retryable: true });
});

describe('what a failure tells', () => {
  const echo = `sent: ApiKey ${API_KEY}, as JSON ${JSON.stringify({ key: API_KEY })}`;

  test.each<[string, Answer]>([
    ['an error', refused('security_exception', echo, 403)],
    ['a page of a proxy', { status: 500, body: `<p>${echo}</p>`, headers: { 'content-type': 'text/html' } }],
    ['a body of another form', { status: 500, body: JSON.stringify({ [echo]: [{ echo }] }) }],
    ['a header', { status: 500, body: '{}', headers: { 'x-echo': echo } }],
    ['no JSON, of which a part is quoted', { status: 200, body: `${API_KEY}{` }],
    ['no JSON, of an error', { status: 500, body: `{"error": ${API_KEY}` }],
    ['another product', { ...DONE, headers: { 'x-elastic-product': 'Other', 'x-echo': echo } }],
  ])('%s with the secret in it has it no more', async (_what, answer) => {
    const { client } = await serverThat(() => answer);
    const error: unknown = await client.count().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errors.ElasticsearchClientError);
    const { message, stack } = error as Error;
    const { meta } = error as { readonly meta?: object };
    const told = [message, stack, JSON.stringify({ meta }), reasonOf(error), String(sinkError('Writing', error))];
    expect(told.join('\n')).not.toMatch(TRACE);
  });

  test('nor have failures of items and shards', async () => {
    const reason = `no, ApiKey ${API_KEY}`;
    const items = [{ index: { _index: 'a', status: 400, error: { type: 'x', reason } } }];
    const shards = { total: 1, failed: 1, failures: [{ reason: { type: 'x', reason } }] };
    const bulk = await serverThat(() => ({ status: 200, body: JSON.stringify({ errors: true, items }) }));
    const search = await serverThat(() => ({ status: 200, body: JSON.stringify({ _shards: shards, count: 1 }) }));
    const told = 'no, ApiKey (secret)';
    expect(await bulk.client.bulk({ operations: [{ delete: { _id: 'b' } }] })).toMatchObject({
      items: [{ index: { error: { reason: told } } }],
    });
    expect(await search.client.count()).toMatchObject({ _shards: { failures: [{ reason: { reason: told } }] } });
  });

  test('is else as the server tells it', async () => {
    const { client } = await serverThat(() => refused('security_exception', `no, ${API_KEY}`, 403));
    await expect(client.count().catch((error: unknown) => Promise.reject(new Error(reasonOf(error))))).rejects.toThrow(
      'a privilege is missing (403): no, (secret)',
    );
  });
});
