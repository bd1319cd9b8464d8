/** Leases as other workers leave them. */
import type { Client } from '@elastic/elasticsearch';
import { UNITS } from '../../src/elastic/names.ts';
import type { LeaseOptions } from '../../src/worker/lease.ts';
import type { UnitState } from '../../src/worker/unit.ts';

export type Key = Pick<UnitState, 'source' | 'pass'>;

/** Milliseconds. */
export const TTL = 400;

export function leaseOptions(client: Client, owner: string, given: Partial<LeaseOptions> = {}): LeaseOptions {
  const { signal } = new AbortController();
  return { client, owner, version: '1.0.0', ttl: TTL, clock: () => performance.now(), signal, ...given };
}

export interface StoredUnit {
  readonly document: Record<string, unknown>;
  readonly seqNo: number;
}

export async function storedUnit(client: Client, { source, pass }: Key): Promise<StoredUnit> {
  const found = await client.get<Record<string, unknown>>({ index: UNITS, id: `${pass}:${source}` });
  return { document: found._source ?? {}, seqNo: found._seq_no ?? -1 };
}

/** What a worker that is gone leaves behind: a lease nobody renews. */
export async function abandon(client: Client, key: Key, updated: string): Promise<void> {
  const document = {
    ...key,
    type: 'unit',
    version: '1.0.0',
    state: 'leased',
    lease: { owner: 'worker-gone', ttl: TTL },
    fence: 7,
    attempts: 1,
    checkpoint: '2026-11-01T00:00:00.000Z',
    updated,
  };
  await client.index({ index: UNITS, id: `${key.pass}:${key.source}`, document });
}

/** Another worker takes the unit over, whatever its lease says. */
export async function steal(client: Client, { source, pass }: Key): Promise<void> {
  const { document } = await storedUnit(client, { source, pass });
  const taken = { ...document, lease: { owner: 'thief', ttl: 30_000 }, fence: Number(document['fence']) + 1 };
  await client.index({ index: UNITS, id: `${pass}:${source}`, document: taken });
}
