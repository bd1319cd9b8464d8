import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/worker/batch.ts';
import { type Cluster, type NodeName, startCluster } from '../support/faults/cluster.ts';
import { type Contents, contentsOf, copyOf, expectSame, inAnyOrder, passed, renew } from '../support/faults/copies.ts';
import { type Asked, type Fault, type FaultyProxy, startFaultyProxy } from '../support/faults/proxy.ts';
import { tell } from '../support/faults/round.ts';
import { onePass } from '../support/one-pass.ts';
import type { Corner } from '../support/worker.ts';

const MINUTES = 60_000;
/** Milliseconds: a node that is gone must not be waited for as long as the product does. */
const TIMEOUT = 5_000;
const PASS = (): undefined => undefined;

describe('a cluster of three nodes, every shard with a replica', () => {
  let cluster: Cluster;
  let front: FaultyProxy;
  let choose: (asked: Asked) => Fault | undefined = PASS;
  let copy: Corner;
  let undisturbed: Contents;
  let killed = 0;
  let survived = 0;
  const shared = process.env.ELASTICSEARCH_URL;

  beforeAll(async () => {
    cluster = await startCluster();
    front = await startFaultyProxy(() => cluster.url(), { choose: (asked) => choose(asked) });
    process.env.ELASTICSEARCH_URL = front.url;
    copy = await copyOf(undefined, { number_of_shards: 2, number_of_replicas: 1 });
    await cluster.mend();
    await passed(copy);
    undisturbed = await contentsOf(copy);
    expect(Object.keys(undisturbed['matches'] ?? {}).length).toBeGreaterThan(40);
  }, 10 * MINUTES);
  afterAll(async () => {
    if (shared !== undefined) process.env.ELASTICSEARCH_URL = shared;
    await copy?.client.close();
    await front?.close();
    await cluster?.stop();
    tell(`nodes killed: ${killed}, in ${survived} passes that nothing was lost in`);
  }, 5 * MINUTES);

  async function settled(): Promise<void> {
    await passed(copy);
    await expectSame(copy, undisturbed, inAnyOrder);
    survived += 1;
  }

  function kill(...names: readonly NodeName[]): void {
    for (const name of names) cluster.kill(name);
    killed += names.length;
  }

  /** A pass that may fail only in a way that may pass. */
  async function pass(beforeWrite: (step: Step) => void = () => undefined): Promise<void> {
    const url = front.url;
    const { errors } = await onePass({ name: copy.name, url, timeout: TIMEOUT, beforeWrite }).catch(
      (error: unknown) => {
        expect(error).toMatchObject({ retryable: true });
        return { errors: [] };
      },
    );
    expect(errors.filter(({ retryable }) => !retryable)).toEqual([]);
  }

  /** Who is killed: a node that leads no shard in particular, or the one that leads the cluster. */
  async function victims(): Promise<{ readonly master: NodeName; readonly others: readonly NodeName[] }> {
    const master = await cluster.master();
    return { master, others: (['one', 'two', 'three'] as const).filter((name) => name !== master) };
  }

  async function begin(): Promise<void> {
    await cluster.mend();
    await renew(copy);
    await cluster.mend();
  }

  const READS = ['_pit', '_search', '_field_caps'] as const;
  test.each(READS.flatMap((endpoint) => (['node', 'master'] as const).map((who) => ({ endpoint, who }))))(
    'a $who that is killed as $endpoint is asked',
    async ({ endpoint, who }) => {
      await begin();
      const { master, others } = await victims();
      let done = false;
      choose = ({ line }) => {
        if (!done && line.endsWith(endpoint)) {
          done = true;
          kill(who === 'master' ? master : (others[0] ?? master));
        }
        return undefined;
      };
      await pass();
      choose = PASS;
      expect(done).toBe(true);
      // The two that are left are enough.
      await settled();
    },
    10 * MINUTES,
  );

  const WRITES: readonly Step[] = ['matches', 'incidents', 'alerts', 'tags', 'checkpoint'];
  test.each(WRITES.flatMap((step) => (['node', 'master'] as const).map((who) => ({ step, who }))))(
    'a $who that is killed before $step are written',
    async ({ step, who }) => {
      await begin();
      const { master, others } = await victims();
      let done = false;
      await pass((now) => {
        if (done || now !== step) return;
        done = true;
        kill(who === 'master' ? master : (others[0] ?? master));
      });
      expect(done).toBe(true);
      await settled();
    },
    10 * MINUTES,
  );

  test.each<Step>(['matches', 'alerts', 'tags'])(
    'two of three that are killed before %s are written, and come back',
    async (step) => {
      await begin();
      const { master, others } = await victims();
      let done = false;
      await pass((now) => {
        if (done || now !== step) return;
        done = true;
        kill(master, others[0] ?? master);
      });
      expect(done).toBe(true);
      await pass();
      await cluster.mend();
      await settled();
    },
    10 * MINUTES,
  );
});
