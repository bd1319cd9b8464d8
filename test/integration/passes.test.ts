import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { UNITS } from '../../src/elastic/names.ts';
import type { Step } from '../../src/worker/batch.ts';
import { leaseUnit } from '../../src/worker/lease.ts';
import { unitOf as leasable, readUnit } from '../../src/worker/unit.ts';
import { runCli, temporaryFolder } from '../support/cli.ts';
import { elasticsearchUrl, testClient } from '../support/elasticsearch.ts';
import { abandon, leaseOptions, steal } from '../support/lease.ts';
import { passage } from '../support/stand-in.ts';
import { lookupText, MINING } from '../support/tables.ts';
import { at, type Corner, daysAgo, openCorner, type Stored } from '../support/worker.ts';

const client = testClient();
const folder = temporaryFolder();
const corners: Corner[] = [];

async function corner(): Promise<Corner> {
  const one = await openCorner();
  corners.push(one);
  return one;
}

afterEach(async () => {
  for (const one of corners.splice(0)) await one.close();
});
afterAll(async () => {
  await client.close();
  folder.remove();
});

const POOL = { dns: { question: { name: 'pool.minexmr.com' } }, event: { category: 'network' } };

function lookedUp(address: string, timestamp: string) {
  return { '@timestamp': timestamp, source: { ip: address }, ...POOL };
}

/** Yesterday and the day before: within every horizon. */
const YESTERDAY = daysAgo(1);
const EVENTS = { a: lookedUp('10.0.0.1', YESTERDAY), b: lookedUp('10.0.0.2', daysAgo(2)) };

async function withEvents(): Promise<Corner> {
  const one = await corner();
  await one.put(await one.index('-dns'), EVENTS);
  return one;
}

async function unitOf(one: Corner, pass: string): Promise<Stored> {
  const found = (await one.units()).find(({ source }) => source['pass'] === pass);
  if (found === undefined) throw new Error(`no unit for ${pass}`);
  return found;
}

function isTagged({ source }: Stored): boolean {
  return at(source, 'minecanary.score') !== undefined;
}

function failAtIncidents(step: Step): void {
  if (step === 'incidents') throw new Error('stopped by the test');
}

describe('a run', () => {
  test.each<Step>(['matches', 'incidents', 'alerts', 'tags', 'checkpoint'])(
    'whose unit is taken over before it writes %s writes nothing from there',
    async (stolenAt) => {
      const one = await withEvents();
      const steps: Step[] = [];
      const { errors } = await one.run({
        config: { lease: { ttl: '60s' } },
        beforeWrite: async (step) => {
          steps.push(step);
          if (step === stolenAt) await steal(client, { source: one.name, pass: 'sweep' });
        },
      });
      expect(errors).toEqual([expect.objectContaining({ code: 'lease_lost' })]);
      expect(steps.at(-1)).toBe(stolenAt);
      const reached = ['matches', 'incidents', 'alerts', 'tags', 'checkpoint'].indexOf(stolenAt);
      const [matches, incidents, alerts] = [await one.matches(), await one.incidents(), await one.alerts()];
      expect([matches, incidents, alerts].map(({ length }) => length)).toEqual([
        reached > 0 ? 2 : 0,
        reached > 1 ? 2 : 0,
        reached > 2 ? 2 : 0,
      ]);
      expect((await one.events()).filter(isTagged)).toHaveLength(reached > 3 ? 2 : 0);
      const unit = await unitOf(one, 'sweep');
      expect(unit.source).toMatchObject({ lease: { owner: 'thief' }, fence: 2 });
      expect(unit.source).not.toHaveProperty('completed');
    },
  );

  test('two runs at once work one after the other, and nothing is doubled', async () => {
    const one = await withEvents();
    const both = await Promise.all(['worker-a', 'worker-b'].map((owner) => one.run({ owner })));
    expect(both.map(({ errors }) => errors)).toEqual([[], []]);
    expect(both.map(({ tagged }) => tagged).toSorted((a, b) => a - b)).toEqual([0, 2]);
    expect((await one.events()).map(({ version }) => version)).toEqual([2, 2]);
    expect((await one.matches()).map(({ version }) => version)).toEqual([1, 1]);
    expect(await one.incidents()).toHaveLength(2);
    expect(await one.alerts()).toHaveLength(2);
    expect((await unitOf(one, 'sweep')).source).toMatchObject({ state: 'free', fence: 2 });
  });

  test('what arrived while another worker made the first sweep is found by the run that waited for it', async () => {
    const one = await withEvents();
    let second: ReturnType<Corner['run']> | undefined;
    let settled = 0;
    const between = await passage(elasticsearchUrl());
    await one.run({
      owner: 'worker-a',
      beforeWrite: async (step) => {
        settled += step === 'checkpoint' ? 1 : 0;
        // The horizon and what has no place in it: all of the sweep is read.
        if (settled !== 2 || second !== undefined) return;
        await one.put(`${one.name}-dns`, { c: lookedUp('10.0.0.3', new Date().toISOString()) });
        second = one.run({ owner: 'worker-b', node: between.url });
        // Before it asks for the lease it reads the unit twice.
        while (between.passed.filter((line) => line.startsWith(`GET /${UNITS}/_doc/sweep`)).length < 4) await sleep(20);
      },
    });
    const { errors } = (await second) ?? { errors: ['none was begun'] };
    await between.close();
    expect(errors).toEqual([]);
    expect((await one.events()).filter(isTagged)).toHaveLength(3);
  });

  test('the checkpoint only moves forward, and stays behind the clock by the lag', async () => {
    const one = await withEvents();
    let before = '';
    for (const lag of ['1m', '0s', '10m']) {
      const { errors } = await one.run({ config: { lag } });
      const checkpoint = String((await unitOf(one, 'incremental')).source['checkpoint']);
      expect(errors).toEqual([]);
      expect(checkpoint >= before).toBe(true);
      expect(Date.parse(checkpoint)).toBeLessThanOrEqual(Date.now());
      before = checkpoint;
    }
  });

  test('a worker that ended between the first sweep and its books leaves nothing unread', async () => {
    const one = await withEvents();
    await one.run();
    const { id } = await unitOf(one, 'incremental');
    await client.delete({ index: UNITS, id, refresh: true });
    await one.put(`${one.name}-dns`, { c: lookedUp('10.0.0.3', new Date().toISOString()) });
    expect(await one.run()).toMatchObject({ tagged: 1, errors: [] });
    expect((await unitOf(one, 'incremental')).source).toHaveProperty('checkpoint');
  });

  test('other lookups make the sweep due, once', async () => {
    const one = await corner();
    const index = await one.index('-dns');
    await one.put(index, { old: lookedUp('10.0.0.1', daysAgo(3)) });
    const without = { ...MINING, domain: ['doubtful.org'] };
    expect(await one.run({ rows: without })).toMatchObject({ matched: 0, errors: [] });
    const first = await unitOf(one, 'sweep');
    expect(await one.run({ rows: without })).toMatchObject({ matched: 0 });
    expect((await unitOf(one, 'sweep')).seqNo).toBe(first.seqNo);

    expect(await one.run()).toMatchObject({ matched: 1, tagged: 1, errors: [] });
    const second = await unitOf(one, 'sweep');
    expect(second.source['digest']).not.toBe(first.source['digest']);
    expect(await one.run()).toMatchObject({ matched: 0 });
    expect((await unitOf(one, 'sweep')).seqNo).toBe(second.seqNo);
  });

  test('counts what it did, and the attempts it took', async () => {
    const one = await withEvents();
    for (const attempts of [1, 2]) {
      await expect(one.run({ beforeWrite: failAtIncidents })).rejects.toThrow('stopped by the test');
      const { source } = await unitOf(one, 'sweep');
      expect(source).toMatchObject({ attempts, state: 'free' });
      expect(source).not.toHaveProperty('completed');
    }
    await one.run();
    expect((await unitOf(one, 'sweep')).source).toMatchObject({
      attempts: 0,
      counts: { seen: 2, candidates: 2, matched: 2, tagged: 2, failed: 0, refused: 0, incidents: 2, alerts: 2 },
    });
  });
});

function configOf({ name }: Corner): string {
  const lookups = folder.folder('lookups');
  folder.file('lookups/domains.json', lookupText('domain', MINING.domain ?? []));
  return folder.file(`${name}.json`, {
    lookups: [lookups],
    lease: { ttl: '1s' },
    sources: [{ name, index: `${name}*`, scope: name }],
  });
}

describe('run --once on a unit leased elsewhere', () => {
  const env = { ELASTICSEARCH_URL: elasticsearchUrl() };

  test('waits, then ends with 1 and names the worker', async () => {
    const one = await withEvents();
    const unit = await leaseUnit(
      leaseOptions(client, 'worker-elsewhere', { ttl: 1000 }),
      leasable({ source: one.name, pass: 'sweep' }),
    );
    const { code, stdout, stderr } = await runCli(['run', '--once', '--config', configOf(one)], { env });
    await unit.release();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: Unit sweep:\S+ is leased by worker worker-elsewhere, .* Let it finish\.$/m);
    expect((await one.events()).filter(isTagged)).toEqual([]);
  });

  test('takes it over where that worker is gone', async () => {
    const one = await withEvents();
    await abandon(client, { source: one.name, pass: 'sweep' }, '2099-01-01T00:00:00.000Z');
    const { code, stderr } = await runCli(['run', '--once', '--config', configOf(one)], { env });
    expect({ code, errors: stderr.match(/^error.*/gm) }).toEqual({ code: 0, errors: null });
    expect((await one.events()).filter(isTagged)).toHaveLength(2);
    expect(await readUnit(client, { source: one.name, pass: 'sweep' })).toMatchObject({ attempts: 0, fence: 8 });
  });
});
