/** Alerts to post, and receivers that behave as a test wants. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverTime } from '../../src/elastic/clock.ts';
import { ALERTS, monthIndex, UNITS } from '../../src/elastic/names.ts';
import { type AlertContext, toAlert } from '../../src/matcher/alert.ts';
import type { Incident } from '../../src/model/incident.ts';
import { isoTime } from '../../src/model/time.ts';
import { alertId } from '../../src/sinks/alerts.ts';
import { createPlainIndices } from '../../src/sinks/plain-index.ts';
import type { AlertDocument, webhookBody } from '../../src/sinks/webhook-body.ts';
import { listen, type StandIn } from './stand-in.ts';
import type { Corner } from './worker.ts';

/** An incident, of which an alert is told. */
export const INCIDENT: Incident = {
  id: 'i1',
  scope: 'berlin',
  entity: { id: 'e1', type: 'address', name: '10.1.2.3', shared: false },
  day: '2026-11-24',
  first: '2026-11-24T01:00:00.000Z',
  last: '2026-11-24T02:00:00.000Z',
  events: 3,
  matches: 4,
  denied: 0,
  datasets: [],
  kinds: [{ name: 'domain', count: 3 }],
  lookups: [{ name: 'pool-domains', count: 3 }],
  indicators: [{ name: 'minexmr.com', count: 3 }],
  points: { name: 73, network: 0, host: 0, content: 0 },
  score: 73,
  severity: 'high',
  highest: 'high',
  reason: '10.1.2.3 asked for xmr.pool.minexmr.com (Sigma, high), allowed',
};

/** @param now milliseconds since 1970 UTC, when it is written. */
export function alertOf(own: Partial<Incident>, now: number): AlertDocument {
  const context: AlertContext = {
    related: { ip: [], hosts: [], user: [] },
    categories: ['network'],
    version: '1.0.0',
    now,
  };
  return toAlert({ ...INCIDENT, ...own }, context);
}

/** As if alerts had been posted up to some milliseconds ago, to a receiver with the corner's name. */
export async function postedUntil({ client, name }: Corner, ago = 0): Promise<void> {
  const checkpoint = isoTime((await serverTime(client)) - ago);
  const document = { type: 'unit', source: name, pass: 'delivery', state: 'free', fence: 1, attempts: 0, checkpoint };
  await client.index({ index: UNITS, id: `delivery:${name}`, document });
}

/** Writes alerts of a corner as if some milliseconds ago, and tells their ids. Other severities make other alerts. */
export async function writeAlerts(
  { client, name }: Corner,
  count: number,
  { ago = 0, ...own }: Partial<Incident> & { readonly ago?: number } = {},
): Promise<string[]> {
  const written = (await serverTime(client)) - ago;
  const index = monthIndex(ALERTS, INCIDENT.day);
  await createPlainIndices(client).ensure(index);
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const incident = { ...INCIDENT, ...own, id: `${name}-${ago}-${i}`, scope: name };
    await client.index({ index, id: alertId(incident), document: alertOf(incident, written) });
    ids.push(alertId(incident));
  }
  return ids;
}

export interface Post {
  /** The idempotency key. */
  readonly key: string;
  readonly alert: ReturnType<typeof webhookBody>['alert'];
  /** On a monotonic clock, in milliseconds. */
  readonly time: number;
}

export interface TestReceiver extends StandIn {
  /** What came, of the scope alone: other tests write alerts too. */
  readonly posts: readonly Post[];
  /** How it answers what comes of the scope from now on. */
  answer: (response: ServerResponse, post: Post) => unknown;
  /** Resolves once so many posts came. */
  came(count: number): Promise<void>;
}

/** Acknowledges what comes until told otherwise. */
export async function startReceiver(scope: string): Promise<TestReceiver> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.once('end', () => {
      const { alert } = JSON.parse(body) as ReturnType<typeof webhookBody>;
      if (alert.scope !== scope) return void response.end();
      const post = { key: String(request.headers['idempotency-key']), alert, time: performance.now() };
      posts.push(post);
      return void receiver.answer(response, post);
    });
  });
  const receiver: TestReceiver = {
    ...(await listen(server)),
    posts,
    answer: (response) => response.end(),
    async came(count) {
      while (posts.length < count) await sleep(10);
    },
  };
  return receiver;
}
