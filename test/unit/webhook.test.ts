import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openReceiver, type Posted, type WebhookTarget } from '../../src/sinks/webhook.ts';
import { webhookBody } from '../../src/sinks/webhook-body.ts';
import { endless, type FeedServer, startFeedServer, status } from '../support/feed-server.ts';
import { alertOf, INCIDENT } from '../support/webhook.ts';

const NOW = Date.parse('2026-11-24T05:06:07.000Z');

describe('the body', () => {
  test('says all that a receiver needs', () => {
    expect(webhookBody('a1', alertOf({}, NOW))).toEqual({
      text: 'Cryptomining on 10.1.2.3 (high), score 73, on 2026-11-24: 10.1.2.3 asked for xmr.pool.minexmr.com (Sigma, high), allowed',
      alert: {
        id: 'a1',
        severity: 'high',
        risk_score: 73,
        title: 'Cryptomining on 10.1.2.3 (high)',
        reason: INCIDENT.reason,
        entity: INCIDENT.entity,
        scope: 'berlin',
        incident: { id: 'i1' },
        day: '2026-11-24',
        created: '2026-11-24T05:06:07.000Z',
        first: INCIDENT.first,
        last: INCIDENT.last,
        kinds: ['domain'],
        indicators: ['minexmr.com'],
        lookups: ['pool-domains'],
        tactic: ['TA0040'],
        technique: ['T1496', 'T1496.001'],
      },
    });
  });

  test('can not be made to steer a chat by what an event holds', () => {
    const entity = { ...INCIDENT.entity, name: '<!channel>&@all\nx' };
    const { text, alert } = webhookBody('a1', alertOf({ entity, reason: '<https://evil.example|click>' }, NOW));
    expect(text).toContain('&lt;!channel&gt;&amp;@\u200ball x (high)');
    expect(text).toContain(': &lt;https://evil.example|click&gt;');
    expect(text).not.toMatch(/[<>\n]/);
    expect(alert.entity.name).toBe(entity.name);
  });

  test('stays short', () => {
    const names = Array.from({ length: 5000 }, (_, i) => ({ name: `n${i}.example`, count: 1 }));
    const { text, alert } = webhookBody('a1', alertOf({ reason: '&'.repeat(100_000), indicators: names }, NOW));
    expect(text.replaceAll('&amp;', '&')).toHaveLength(3000);
    expect(text.endsWith('…')).toBe(true);
    expect(alert.indicators).toHaveLength(100);
  });
});

let server: FeedServer;
let other: FeedServer;
beforeAll(async () => {
  server = await startFeedServer();
  other = await startFeedServer();
});
afterAll(async () => {
  await server.close();
  await other.close();
});
beforeEach(() => {
  server.asked.length = 0;
  other.asked.length = 0;
});

interface Given extends Partial<WebhookTarget> {
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

async function post({ env = {}, signal = new AbortController().signal, ...own }: Given = {}): Promise<Posted> {
  const target = { url: `${server.url}/T0/s3cret`, headers: {}, timeout: 5000, insecure: true, ...own };
  const receiver = openReceiver(target, env);
  try {
    return await receiver.post('a1', alertOf({}, NOW), signal);
  } finally {
    receiver.close();
  }
}

test('a request is JSON with the id as its key, and its headers', async () => {
  let body = '';
  server.answer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => response.end('ok'));
  });
  const headers = { authorization: 'Bearer s3cret', 'idempotency-key': 'no', 'content-type': 'text/plain' };
  expect(await post({ headers })).toEqual({ result: 'acknowledged' });
  const [asked, ...more] = server.asked;
  expect(more).toEqual([]);
  expect(asked).toMatchObject({ method: 'POST', url: '/T0/s3cret' });
  expect(asked?.headers).toMatchObject({
    authorization: 'Bearer s3cret',
    'idempotency-key': 'a1',
    'content-type': 'application/json',
    'user-agent': 'minecanary',
  });
  expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(webhookBody('a1', alertOf({}, NOW)))));
});

describe('what the receiver answers', () => {
  test.each([200, 201, 202, 204])('%i acknowledges', async (code) => {
    server.answer(status(code));
    expect(await post()).toEqual({ result: 'acknowledged' });
  });

  test.each([400, 404, 410, 413, 422])('%i refuses the alert for good', async (code) => {
    server.answer(status(code, {}, 's3cret'));
    expect(await post()).toEqual({ result: 'refused', why: `it answers ${code}` });
  });

  test.each([408, 425, 429, 500, 502, 503, 504])('%i has it posted again', async (code) => {
    server.answer(status(code));
    expect(await post()).toEqual({ result: 'later', why: `it answers ${code}` });
    expect(server.asked).toHaveLength(1);
  });

  test.each([401, 403, 407])('%i has it posted again, when the credentials are right', async (code) => {
    server.answer(status(code));
    expect(await post()).toEqual({ result: 'later', why: `it answers ${code}; are url and headers right?` });
  });

  test('a wait is taken from the answer, in seconds or as a date', async () => {
    server.answer(status(429, { 'retry-after': '7' }), status(503, { 'retry-after': 'Fri, 31 Dec 1999 23:59:59 GMT' }));
    expect(await post()).toEqual({ result: 'later', why: 'it answers 429', wait: 7000 });
    expect(await post()).toEqual({ result: 'later', why: 'it answers 503', wait: 0 });
  });

  test.each([301, 302, 307, 308])('%i is not followed', async (code) => {
    server.answer(status(code, { location: `${other.url}/elsewhere` }));
    expect(await post()).toEqual({ result: 'later', why: `it answers ${code}; redirects are not followed` });
    expect(other.asked).toEqual([]);
  });

  test('a body without end is left unread', async () => {
    server.answer((_, response) => endless(response.writeHead(200), Buffer.alloc(65_536)));
    expect(await post()).toEqual({ result: 'acknowledged' });
  });
});

describe('no answer', () => {
  test('in time', async () => {
    server.answer(() => undefined);
    expect(await post({ timeout: 50 })).toEqual({ result: 'later', why: 'it takes longer than 0.05 s' });
  });

  test('but a connection that is cut', async () => {
    server.answer((request) => void request.socket.destroy());
    expect(await post()).toMatchObject({ result: 'later', why: expect.not.stringMatching(/s3cret|T0/) });
  });

  test('for nobody is there', async () => {
    expect(await post({ url: 'http://127.0.0.1:1/T0/s3cret' })).toEqual({
      result: 'later',
      why: 'ECONNREFUSED, connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  test('is waited for where minecanary ends', async () => {
    server.answer(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    expect(await post({ signal: stop.signal })).toEqual({ result: 'later', why: 'minecanary is ending' });
  });
});

test('a proxy of the environment is used', async () => {
  server.answer(status(200));
  const url = 'http://hooks.example.org/T0';
  expect(await post({ url, env: { HTTP_PROXY: server.url } })).toEqual({ result: 'acknowledged' });
  expect(server.asked[0]?.url).toBe(url);
});
