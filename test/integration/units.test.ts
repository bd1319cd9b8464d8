import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../src/elastic/client.ts';
import { UNITS } from '../../src/elastic/names.ts';
import { LeaseLost } from '../../src/model/errors.ts';
import { leaseUnit, type Unit } from '../../src/worker/lease.ts';
import { unitOf } from '../../src/worker/unit.ts';
import { elasticsearchUrl, testClient } from '../support/elasticsearch.ts';
import { abandon, type Key, leaseOptions, steal, storedUnit, TTL } from '../support/lease.ts';
import { passage } from '../support/stand-in.ts';
import { type Corner, openCorner } from '../support/worker.ts';

const client = testClient();
let shared: Corner;

beforeAll(async () => {
  shared = await openCorner();
});
afterAll(async () => {
  await shared.close();
  await client.close();
});

let units = 0;
/** A unit that no other test uses; it goes with the shared corner. */
function newKey(): Key {
  units += 1;
  return { source: `${shared.name}-${units}`, pass: 'incremental' };
}

/** A clock that a test sets, and tells how often it was asked. */
function handClock() {
  const clock = { now: 1000, asked: 0 };
  return Object.assign(clock, {
    read: () => {
      clock.asked += 1;
      return clock.now;
    },
    /** Resolves after the clock was asked some more times. */
    async askedAgain(times: number): Promise<void> {
      for (const enough = clock.asked + times; clock.asked < enough; ) await sleep(5);
    },
  });
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(20);
}

describe('a lease', () => {
  test('is taken, renews itself, keeps what is saved, and ends', async () => {
    const key = newKey();
    const unit = await leaseUnit(leaseOptions(client, 'worker-a'), unitOf(key));
    const taken = await storedUnit(client, key);
    expect(taken.document).toMatchObject({
      ...key,
      type: 'unit',
      state: 'leased',
      lease: { owner: 'worker-a', ttl: TTL },
      fence: 1,
      attempts: 0,
    });
    await until(async () => (await storedUnit(client, key)).seqNo > taken.seqNo);
    await unit.save({ checkpoint: '2026-11-24T10:00:00.000Z', attempts: 3 });
    await unit.release();
    const { document } = await storedUnit(client, key);
    expect(document).toMatchObject({ state: 'free', fence: 1, attempts: 3, checkpoint: '2026-11-24T10:00:00.000Z' });
    expect(document).not.toHaveProperty('lease');

    const next = await leaseUnit(leaseOptions(client, 'worker-b'), unitOf(key));
    expect(next.state()).toMatchObject({ attempts: 3, checkpoint: '2026-11-24T10:00:00.000Z' });
    expect((await storedUnit(client, key)).document).toMatchObject({ fence: 2, lease: { owner: 'worker-b' } });
    await next.release();
  });

  test('that another worker keeps is waited for, up to twice its time, and the worker is named', async () => {
    const key = newKey();
    const unit = await leaseUnit(leaseOptions(client, 'worker-a'), unitOf(key));
    const begun = performance.now();
    await expect(leaseUnit(leaseOptions(client, 'worker-b'), unitOf(key))).rejects.toMatchObject({
      code: 'unit_leased',
      retryable: true,
      message: expect.stringMatching(
        `Unit incremental:${key.source} is leased by worker worker-a, which goes on with it`,
      ),
    });
    expect(performance.now() - begun).toBeGreaterThan(2 * TTL);
    expect((await storedUnit(client, key)).document).toMatchObject({ fence: 1, lease: { owner: 'worker-a' } });
    await unit.release();
  });

  test('that ends during the wait goes to the one who waits', async () => {
    const key = newKey();
    const first = await leaseUnit(leaseOptions(client, 'worker-a', { ttl: 10_000 }), unitOf(key));
    const clock = handClock();
    const waiting = leaseUnit(leaseOptions(client, 'worker-b', { clock: clock.read }), unitOf(key));
    await clock.askedAgain(2);
    await first.release();
    const second = await waiting;
    expect((await storedUnit(client, key)).document).toMatchObject({ fence: 2, lease: { owner: 'worker-b' } });
    await second.release();
  });

  test.each([
    ['long ago', '1999-01-01T00:00:00.000Z'],
    ['in the future', '2099-01-01T00:00:00.000Z'],
  ])(
    'that nobody renews, written %s, is taken over after its time on the clock of the observer',
    async (_, updated) => {
      const key = newKey();
      await abandon(client, key, updated);
      const clock = handClock();
      let taken: Unit | undefined;
      const waiting = leaseUnit(leaseOptions(client, 'worker-b', { clock: clock.read }), unitOf(key)).then((unit) => {
        taken = unit;
        return unit;
      });
      await clock.askedAgain(6);
      clock.now += TTL - 1;
      await clock.askedAgain(6);
      expect(taken).toBeUndefined();
      expect((await storedUnit(client, key)).document).toMatchObject({ fence: 7, lease: { owner: 'worker-gone' } });

      clock.now += 1;
      const unit = await waiting;
      expect(unit.state()).toMatchObject({ attempts: 1, checkpoint: '2026-11-01T00:00:00.000Z' });
      expect((await storedUnit(client, key)).document).toMatchObject({ fence: 8, lease: { owner: 'worker-b' } });
      await unit.release();
    },
  );

  test('that is renewed during the wait has its whole time again', async () => {
    const key = newKey();
    await abandon(client, key, '2026-11-24T00:00:00.000Z');
    const clock = handClock();
    const waiting = leaseUnit(leaseOptions(client, 'worker-b', { clock: clock.read }), unitOf(key));
    waiting.catch(() => undefined);
    await clock.askedAgain(4);
    clock.now += 0.9 * TTL;
    await abandon(client, key, '2026-11-24T00:00:01.000Z');
    await clock.askedAgain(6);
    clock.now += 0.9 * TTL;
    await clock.askedAgain(6);
    expect((await storedUnit(client, key)).document).toMatchObject({ fence: 7, lease: { owner: 'worker-gone' } });
    await abandon(client, key, '2026-11-24T00:00:02.000Z');
    await clock.askedAgain(6);
    clock.now += 0.9 * TTL;
    await expect(waiting).rejects.toMatchObject({ code: 'unit_leased' });
  });

  test('is no longer waited for when the worker is to end', async () => {
    const key = newKey();
    await abandon(client, key, '2026-11-24T00:00:00.000Z');
    const clock = handClock();
    const ending = new AbortController();
    const waiting = leaseUnit(
      leaseOptions(client, 'worker-b', { clock: clock.read, signal: ending.signal }),
      unitOf(key),
    );
    waiting.catch(() => undefined);
    await clock.askedAgain(4);
    ending.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'unit_leased' });
  });

  test('that was taken over stops everything, and stays with the one who took it', async () => {
    const key = newKey();
    const unit = await leaseUnit(leaseOptions(client, 'worker-a', { ttl: 60_000 }), unitOf(key));
    await steal(client, key);
    const { seqNo } = await storedUnit(client, key);
    await expect(unit.confirm()).rejects.toThrow(LeaseLost);
    await expect(unit.save({ checkpoint: '2026-11-24T10:00:00.000Z' })).rejects.toThrow(LeaseLost);
    await unit.release();
    expect(await storedUnit(client, key)).toMatchObject({ seqNo, document: { lease: { owner: 'thief' } } });
  });

  test('is not lost with an answer that is lost on the way', async () => {
    const key = newKey();
    const between = await passage(elasticsearchUrl());
    const through = connect({ node: [between.url] });
    const write = new RegExp(`^PUT /${UNITS}/_doc/`);
    try {
      between.loseAnswer(write);
      const unit = await leaseUnit(leaseOptions(client, 'worker-a', { client: through, ttl: 60_000 }), unitOf(key));
      between.loseAnswer(write);
      await unit.save({ attempts: 5 });
      await unit.confirm();
      between.loseAnswer(write);
      await unit.release();
      expect((await storedUnit(client, key)).document).toMatchObject({ state: 'free', attempts: 5 });
    } finally {
      await through.close();
      await between.close();
    }
  });
});
