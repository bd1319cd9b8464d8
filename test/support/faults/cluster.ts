/** Three nodes of Elasticsearch that make a cluster, of which some are killed and come back. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startElasticsearch } from '../../../scripts/elasticsearch/server.ts';

const NODES = ['one', 'two', 'three'] as const;
export type NodeName = (typeof NODES)[number];
const PATIENCE_MS = 180_000;

export interface Cluster {
  /** A node that lives; each call names the next one. */
  url(): string;
  /** The node that leads, as a living one sees it. */
  master(): Promise<NodeName>;
  /** SIGKILL: nothing is said to the others. */
  kill(name: NodeName): void;
  /** Starts those that were killed, and waits until every shard has its replica. */
  mend(): Promise<void>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startCluster(): Promise<Cluster> {
  const base = mkdtempSync(join(tmpdir(), 'minecanary-cluster-'));
  chmodSync(base, 0o755);
  const ports = new Map<NodeName, { readonly http: number; readonly transport: number }>();
  for (const name of NODES) ports.set(name, { http: await freePort(), transport: await freePort() });
  const hosts = [...ports.values()].map(({ transport }) => `127.0.0.1:${transport}`);
  const running = new Map<NodeName, ServerProcess>();
  let turn = 0;

  async function start(name: NodeName): Promise<void> {
    const { http = 0, transport = 0 } = ports.get(name) ?? {};
    const folder = join(base, name);
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    const server = await startElasticsearch({
      folder,
      heap: '400m',
      settings: {
        'cluster.name': 'minecanary-faults',
        'node.name': name,
        'discovery.type': 'multi-node',
        'discovery.seed_hosts': hosts.join(','),
        'cluster.initial_master_nodes': NODES.join(','),
        'http.port': http,
        'transport.port': transport,
      },
    });
    running.set(name, server);
  }
  async function ask<T>(path: string): Promise<T> {
    const answer = await fetch(`${url()}${path}`, { signal: AbortSignal.timeout(10_000) });
    return (await answer.json()) as T;
  }
  function url(): string {
    const living = NODES.flatMap((name) => running.get(name)?.url ?? []);
    turn += 1;
    return living[turn % living.length] ?? 'http://127.0.0.1:9';
  }
  async function mend(): Promise<void> {
    await Promise.all(NODES.filter((name) => !running.has(name)).map(start));
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const health = await ask<{ status?: string; number_of_nodes?: number }>('/_cluster/health').catch(
        () => undefined,
      );
      if (health?.status === 'green' && health.number_of_nodes === NODES.length) return;
      if (Date.now() > deadline) throw new Error(`The cluster does not heal: ${JSON.stringify(health)}`);
      await sleep(500);
    }
  }
  async function stop(): Promise<void> {
    await Promise.all([...running.values()].map((server) => server.stop()));
    rmSync(base, { recursive: true, force: true });
  }

  try {
    await mend();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    async master() {
      type State = { readonly master_node: string; readonly nodes: Record<string, { readonly name: NodeName }> };
      const { master_node: id, nodes } = await ask<State>('/_cluster/state/master_node,nodes');
      return nodes[id]?.name ?? 'one';
    },
    kill(name) {
      const server = running.get(name);
      if (server !== undefined) process.kill(server.pid, 'SIGKILL');
      running.delete(name);
    },
    mend,
    stop,
  };
}
