import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { serverTime } from '../../../src/elastic/clock.ts';
import { UNITS } from '../../../src/elastic/names.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { deliverBeside, deliverOnce } from '../../../src/worker/deliver.ts';
import type { Deliverer } from '../../../src/worker/delivery.ts';
import { postedUntil, startReceiver, type TestReceiver, writeAlerts } from '../../support/webhook.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PAUSES = { poll: 30, backoff: 30 };

let corner: Corner;
let receiver: TestReceiver;
let said = '';
beforeEach(async () => {
  corner = await openCorner();
  receiver = await startReceiver(corner.name);
  said = '';
});
afterEach(async () => {
  await receiver.close();
  await corner.close();
});

/** A worker that has only just been started. */
function deliverer(webhook: object = {}, owner = 'worker-a'): Deliverer {
  const url = `${receiver.url}/T0/s3cret`;
  const alerts = { webhook: { name: corner.name, url, insecure: true, timeout: '5s', ...webhook } };
  return {
    client: corner.client,
    config: corner.config({ config: { alerts } }),
    version: '1.0.0',
    owner: `${corner.name}-${owner}`,
    log: createLog({ stream: { write: (text) => (said += text) }, json: false, level: 'info' }),
    signal: new AbortController().signal,
  };
}

/** Delivers until something has come about. */
function until(come: () => Promise<unknown>, one = deliverer()): Promise<void> {
  return deliverBeside(one, {}, async () => void (await come()), PAUSES);
}

/** How long ago the checkpoint stands, in milliseconds. */
async function behind(): Promise<number> {
  const found = await corner.client.get<{ checkpoint: string }>({ index: UNITS, id: `delivery:${corner.name}` });
  return (await serverTime(corner.client)) - Date.parse(found._source?.checkpoint ?? '');
}

/** Resolves once it is noted that an alert was acknowledged: whoever ends before that posts it again. */
async function noted(alert = ''): Promise<void> {
  while (!(await corner.client.exists({ index: UNITS, id: `delivery:${corner.name}:${alert}` }))) await sleep(10);
}

const keys = (): string[] => receiver.posts.map(({ key }) => key);

/** Alerts of the ledger, with the reason of each. */
async function ledger(): Promise<unknown[]> {
  return (await corner.ledger()).map(({ source }) => [at(source, 'document.id'), at(source, 'reason')]);
}

describe('each alert comes', () => {
  beforeEach(() => postedUntil(corner));

  test('once, with its id as the key, whoever delivers after', async () => {
    const ids = await writeAlerts(corner, 4);
    await deliverOnce(deliverer(), {});
    expect(keys().toSorted()).toEqual(ids.toSorted());
    expect(receiver.posts.map(({ alert }) => alert.id)).toEqual(keys());
    await deliverOnce(deliverer(), {});
    await deliverOnce(deliverer({}, 'worker-b'), {});
    expect(receiver.posts).toHaveLength(4);
    expect(said).toContain(`info: 4 alerts were acknowledged by the webhook at ${new URL(receiver.url).host}`);
  });

  test('once, of two workers side by side', async () => {
    const ids = await writeAlerts(corner, 12);
    const both = ['worker-a', 'worker-b'].map((owner) => until(() => receiver.came(13), deliverer({}, owner)));
    await receiver.came(12);
    const late = await writeAlerts(corner, 1, { reason: 'late', severity: 'critical' });
    await Promise.all(both);
    expect(keys().toSorted()).toEqual([...ids, ...late].toSorted());
  });

  test('again with the same key until it is acknowledged', async () => {
    const [id] = await writeAlerts(corner, 1);
    receiver.answer = (response) => response.writeHead(receiver.posts.length < 3 ? 500 : 200).end();
    await until(() => noted(id));
    expect(keys()).toEqual([id, id, id]);
    expect(said).toMatch(/^warn: Alerts are not acknowledged by the webhook at \S+: it answers 500. They stay due.$/m);
    await deliverOnce(deliverer(), {});
    expect(receiver.posts).toHaveLength(3);
  });

  test('from a severity on', async () => {
    const low = await writeAlerts(corner, 1, { severity: 'low', score: 21 });
    const high = await writeAlerts(corner, 1, { severity: 'high' });
    await deliverOnce(deliverer({ min_severity: 'medium' }), {});
    expect(keys()).toEqual(high);
    expect(low).not.toEqual(high);
  });
});

describe('a receiver in trouble', () => {
  beforeEach(() => postedUntil(corner));

  test('that refuses one alert gets the others, and that one never again', async () => {
    const ids = await writeAlerts(corner, 3);
    receiver.answer = (response, { key }) => response.writeHead(key === ids[1] ? 404 : 200).end();
    await deliverOnce(deliverer(), {});
    await deliverOnce(deliverer(), {});
    expect(keys().toSorted()).toEqual(ids.toSorted());
    expect(await ledger()).toEqual([[ids[1], 'The webhook refused it: it answers 404.']]);
    expect(said.match(/^error: Alert \S+ is not posted to \S+ again, and named in the ledger/gm)).toHaveLength(1);
  });

  test('that never takes some alerts gets those that come after', async () => {
    const ids = await writeAlerts(corner, 9);
    receiver.answer = (response, { key }) => response.writeHead(ids.includes(key) ? 500 : 200).end();
    await until(async () => {
      await receiver.came(20);
      const later = await writeAlerts(corner, 1, { severity: 'critical' });
      while (!later.some((id) => keys().includes(id))) await receiver.came(receiver.posts.length + 1);
    });
    expect(await ledger()).toEqual([]);
  });

  test('is let alone after three alerts in a row', async () => {
    await writeAlerts(corner, 8);
    receiver.answer = (response) => response.writeHead(503).end();
    await deliverOnce(deliverer(), {});
    expect(new Set(keys()).size).toBe(3);
    expect(receiver.posts).toHaveLength(3);
  });

  test('is let alone as long as it asks', async () => {
    await writeAlerts(corner, 2);
    receiver.answer = (response) => {
      response.writeHead(receiver.posts.length === 1 ? 429 : 200, { 'retry-after': '1' }).end();
    };
    await until(() => receiver.came(3));
    const [first, second] = receiver.posts;
    expect((second?.time ?? 0) - (first?.time ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test.each<[string, TestReceiver['answer']]>([
    ['cuts connections', (response) => response.destroy()],
    ['redirects', (response) => response.writeHead(307, { location: '/other' }).end()],
    ['never answers', () => undefined],
  ])('that %s gets the alert when it is well again', async (_, answer) => {
    const [id] = await writeAlerts(corner, 1);
    receiver.answer = (response, post) => (receiver.posts.length < 2 ? answer(response, post) : response.end());
    await until(() => receiver.came(2), deliverer({ timeout: '1s' }));
    expect(keys()).toEqual([id, id]);
  });

  test('delays neither work nor its end', async () => {
    await writeAlerts(corner, 1);
    receiver.answer = () => undefined;
    const index = await corner.index('-dns');
    const dns = { question: { name: 'pool.minexmr.com' } };
    await corner.put(index, { a: { '@timestamp': daysAgo(40), source: { ip: '10.0.0.1' }, dns } });
    let tagged = 0;
    await until(
      async () => {
        await receiver.came(1);
        ({ tagged } = await corner.run({ range: around(40) }));
      },
      deliverer({ timeout: '1h' }),
    );
    expect(tagged).toBe(1);
    receiver.answer = (response) => response.end();
    await deliverOnce(deliverer(), {});
    expect(receiver.posts).toHaveLength(3);
  });
});

describe('the checkpoint', () => {
  test('begins an hour before the first round', async () => {
    const old = await writeAlerts(corner, 1, { ago: 2 * HOUR });
    const young = await writeAlerts(corner, 1, { ago: 50 * MINUTE });
    await deliverOnce(deliverer(), {});
    expect(keys()).toEqual(young);
    expect(old).not.toEqual(young);
    expect(Math.abs((await behind()) - HOUR)).toBeLessThan(2 * MINUTE);
  });

  test('moves past what is settled, and an alert that becomes visible late is found behind it', async () => {
    await postedUntil(corner, 3 * HOUR);
    const ids = await writeAlerts(corner, 2, { ago: 2 * HOUR });
    await deliverOnce(deliverer(), {});
    expect(keys().toSorted()).toEqual(ids.toSorted());
    expect(Math.abs((await behind()) - HOUR)).toBeLessThan(2 * MINUTE);
    const late = await writeAlerts(corner, 1, { ago: 50 * MINUTE });
    await deliverOnce(deliverer(), {});
    expect(keys().slice(2)).toEqual(late);
  });

  test('stays before what is not acknowledged', async () => {
    await postedUntil(corner, 5 * HOUR);
    const [waiting] = await writeAlerts(corner, 1, { ago: 3 * HOUR });
    const others = await writeAlerts(corner, 3, { ago: 2 * HOUR });
    receiver.answer = (response, { key }) => response.writeHead(key === waiting ? 500 : 200).end();
    await deliverOnce(deliverer(), {});
    expect(receiver.posts).toHaveLength(1 + others.length);
    expect(Math.abs((await behind()) - 3 * HOUR)).toBeLessThan(2 * MINUTE);
    receiver.answer = (response) => response.end();
    await deliverOnce(deliverer(), {});
    expect(keys().slice(1 + others.length)).toEqual([waiting]);
    expect(Math.abs((await behind()) - HOUR)).toBeLessThan(2 * MINUTE);
  });
});
