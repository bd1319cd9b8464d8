import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@elastic/elasticsearch';
import { formatDuration } from '../model/duration.ts';
import { LeaseLost, MinecanaryError, SinkError } from '../model/errors.ts';
import { isoTime } from '../model/time.ts';
import { type Leasable, readStored, type StoredUnit, type UnitDocument, type UnitState, writeStored } from './unit.ts';

/** A leased unit. It is renewed by itself until it is released. */
export interface Unit {
  readonly id: string;
  /** That of this lease. */
  readonly fence: number;
  /** As it was when it was leased, with what `save` added. */
  state(): UnitState;
  /**
   * Renews the lease now, so that it lives as long as it may from here.
   *
   * @throws LeaseLost where another worker holds the unit now: nothing more may be written for it.
   */
  confirm(): Promise<void>;
  /** Writes changes through; renews the lease. */
  save(changes: Partial<UnitState>): Promise<void>;
  /** Ends the lease, with changes; a unit that was released or lost is left alone. */
  release(changes?: Partial<UnitState>): Promise<void>;
}

export interface LeaseOptions {
  readonly client: Client;
  /** Name of this worker, unlike any other's. */
  readonly owner: string;
  readonly version: string;
  /** Milliseconds. */
  readonly ttl: number;
  /** A monotonic clock, in milliseconds. */
  readonly clock: () => number;
  /** Ends the wait for a unit that another worker holds. */
  readonly signal: AbortSignal;
}

/** What a worker does about a unit that another one holds. */
export interface Wait {
  /** Waits as long as the other one goes on with it. */
  readonly patient?: boolean;
  /** Helps with the work; false where there is nothing to help with now. */
  readonly help?: (held: UnitDocument) => Promise<boolean>;
}

/**
 * Leases a unit, making it where it is new. A unit that another worker holds is waited for, up to twice the time its
 * lease lives: it is free when its document stood still for that time on this worker's own clock.
 *
 * @throws SinkError (`unit_leased`) where another worker goes on with it, or the wait is ended.
 */
export async function leaseUnit(options: LeaseOptions, what: Leasable, wait: Wait = {}): Promise<Unit> {
  const { client, ttl, clock, signal } = options;
  let begun = clock();
  let watched: { seqNo: number; since: number } | undefined;
  for (;;) {
    const stored = await readStored(client, what.id);
    const held = heldByAnother(stored, options);
    if (stored !== undefined && held !== undefined) {
      if (watched?.seqNo !== stored.seqNo) watched = { seqNo: stored.seqNo, since: clock() };
      if (clock() - watched.since < held.ttl) {
        const waited = clock() - begun;
        if (signal.aborted || (wait.patient !== true && waited > 2 * Math.max(ttl, held.ttl))) {
          throw leasedElsewhere(what.id, held.owner, waited);
        }
        if (await wait.help?.(stored.document)) begun = clock();
        else await sleep(pauseAfter(waited, held.ttl), undefined, { signal }).catch(() => undefined);
        continue;
      }
    }
    const unit = await take(options, what, stored);
    if (unit !== undefined) return unit;
  }
}

/** Milliseconds until it is looked again, the longer the longer it was waited for. */
function pauseAfter(waited: number, ttl: number): number {
  return Math.min(1000, ttl / 10, Math.max(50, waited / 4));
}

/** Leases what is open; undefined where somebody holds it, was faster, or has completed it. */
export async function leaseOpen(options: LeaseOptions, what: Leasable): Promise<Unit | undefined> {
  const stored = await readStored(options.client, what.id);
  const isOpen = stored?.document.completed === undefined && heldByAnother(stored, options) === undefined;
  return isOpen ? take(options, what, stored) : undefined;
}

function heldByAnother(stored: StoredUnit | undefined, { owner }: LeaseOptions): UnitDocument['lease'] {
  const lease = stored?.document.lease;
  return lease?.owner === owner ? undefined : lease;
}

async function take(
  options: LeaseOptions,
  { id, type, key }: Leasable,
  stored: StoredUnit | undefined,
): Promise<Unit | undefined> {
  const { client, owner, version, ttl } = options;
  const document: UnitDocument = {
    ...(stored?.document ?? { ...key, attempts: 0 }),
    type,
    version,
    state: 'leased',
    lease: { owner, ttl },
    worker: owner,
    fence: (stored?.document.fence ?? 0) + 1,
    updated: isoTime(Date.now()),
  };
  const leased = await writeStored(client, id, document, stored);
  return leased === undefined ? undefined : hold(options, id, leased);
}

function leasedElsewhere(id: string, owner: string, waited: number): SinkError {
  return new SinkError(
    `Unit ${id} is leased by worker ${owner}, which goes on with it; waited ${formatDuration(waited)}. Let it finish.`,
    { code: 'unit_leased', retryable: true },
  );
}

function hold({ client, ttl }: LeaseOptions, id: string, leased: StoredUnit): Unit {
  let stored = leased;
  let lost = false;
  let released = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function writeThrough(changes: Partial<UnitDocument>): Promise<void> {
    if (lost) throw new LeaseLost(id);
    const { lease, ...rest } = { ...stored.document, ...changes, updated: isoTime(Date.now()) };
    const document = changes.state === 'free' || lease === undefined ? rest : { ...rest, lease };
    let written = await writeStored(client, id, document, stored);
    if (written === undefined) {
      // Without a new lease in between, it was a write of this worker whose answer was lost on the way.
      const found = await readStored(client, id);
      if (found?.document.fence === document.fence) written = await writeStored(client, id, document, found);
    }
    if (written === undefined) {
      lost = true;
      throw new LeaseLost(id);
    }
    stored = written;
  }
  /** One write after the other: each needs the sequence number of the one before. */
  function put(changes: Partial<UnitDocument>): Promise<void> {
    const next = queue.then(() => writeThrough(changes));
    queue = next.catch(() => undefined);
    return next;
  }
  let renewing = false;
  // A renewal that fails is tried again by the next; the lease itself tells when that was too late. One at a time: where
  // no answer comes they would pile up, and the release waits for them.
  async function renew(): Promise<void> {
    if (renewing) return;
    renewing = true;
    await put({}).catch(() => undefined);
    renewing = false;
  }
  const renewal = setInterval(() => void renew(), Math.max(50, ttl / 3));
  renewal.unref();

  return {
    id,
    fence: leased.document.fence,
    state: () => stored.document,
    confirm: () => put({}),
    save: put,
    async release(changes = {}) {
      clearInterval(renewal);
      await queue;
      if (!lost && !released) await put({ ...changes, state: 'free' });
      released = true;
    },
  };
}

/** Whether another worker is at the unit, or has taken it over. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof MinecanaryError && (error.code === 'unit_leased' || error.code === 'lease_lost');
}
