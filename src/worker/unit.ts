import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@elastic/elasticsearch';
import { isConflict, isMissing, sinkError } from '../elastic/errors.ts';
import { UNITS } from '../elastic/names.ts';
import type { Versioned } from '../elastic/versioned.ts';
import { formatDuration } from '../model/duration.ts';
import { LeaseLost, MinecanaryError, SinkError } from '../model/errors.ts';
import { isoTime } from '../model/time.ts';
import type { Counts } from './outcome.ts';

/** `delivery` is no pass over a source: it posts alerts to the receiver that `source` names. */
export type PassName = 'incremental' | 'sweep' | 'retro-hunt' | 'range' | 'delivery';

/** What a unit remembers: a source and a range of time, how far it is settled, and what came of it. */
export interface UnitState {
  readonly source: string;
  readonly pass: PassName;
  /** ISO 8601, UTC; the range of the pass at hand, or of the last one. */
  readonly from?: string;
  readonly to?: string;
  /** Everything that arrived before it is settled. */
  readonly checkpoint?: string;
  /** Digest of the lookups, and of the exceptions, of the last completed pass. */
  readonly digest?: string;
  readonly counts?: Counts;
  /** Passes begun since one was completed. */
  readonly attempts: number;
  /** When the pass at hand began, or the last one, by Elasticsearch's clock. */
  readonly started?: string;
  /** When the last pass that was completed began, by Elasticsearch's clock. */
  readonly completed?: string;
}

/** A unit as it is stored. */
export interface UnitDocument extends UnitState {
  readonly type: 'unit';
  readonly version: string;
  readonly state: 'leased' | 'free';
  readonly lease?: { readonly owner: string; readonly ttl: number };
  /** Grows with each lease, so that writes of an earlier holder can be told. */
  readonly fence: number;
  readonly updated: string;
}

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
  /** Ends the lease; a unit that was lost is left alone. */
  release(): Promise<void>;
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

type Stored = Versioned<UnitDocument>;

export function unitId({ source, pass, from, to }: Pick<UnitState, 'source' | 'pass' | 'from' | 'to'>): string {
  return pass === 'range' ? `${pass}:${source}:${from}:${to}` : `${pass}:${source}`;
}

/** The state of a unit as it is stored; undefined where there is none yet. */
export async function readUnit(
  client: Client,
  key: Pick<UnitState, 'source' | 'pass' | 'from' | 'to'>,
): Promise<UnitState | undefined> {
  return (await read(client, unitId(key)))?.document;
}

async function read(client: Client, id: string): Promise<Stored | undefined> {
  try {
    const found = await client.get<UnitDocument>({ index: UNITS, id });
    const { _source: document, _seq_no: seqNo = -1, _primary_term: primaryTerm = -1 } = found;
    return document === undefined ? undefined : { document, seqNo, primaryTerm };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw sinkError(`Reading unit ${id}`, error);
  }
}

/** Writes a unit as it was read, and nothing else; undefined where somebody was faster. */
async function write(
  client: Client,
  id: string,
  document: UnitDocument,
  over: Pick<Stored, 'seqNo' | 'primaryTerm'> | undefined,
): Promise<Stored | undefined> {
  const guard =
    over === undefined ? { op_type: 'create' as const } : { if_seq_no: over.seqNo, if_primary_term: over.primaryTerm };
  try {
    const written = await client.index({ index: UNITS, id, document, require_alias: false, ...guard });
    return { document, seqNo: written._seq_no ?? -1, primaryTerm: written._primary_term ?? -1 };
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw sinkError(`Writing unit ${id}`, error);
  }
}

/**
 * Leases a unit, making it where it is new. A unit that another worker holds is waited for, up to twice the time its
 * lease lives: it is free when its document stood still for that time on this worker's own clock.
 *
 * @throws SinkError (`unit_leased`) where another worker goes on with it, or the wait is ended.
 */
export async function leaseUnit(
  options: LeaseOptions,
  key: Pick<UnitState, 'source' | 'pass' | 'from' | 'to'>,
): Promise<Unit> {
  const { client, owner, version, ttl, clock, signal } = options;
  const id = unitId(key);
  const begun = clock();
  let watched: { seqNo: number; since: number } | undefined;
  for (;;) {
    const stored = await read(client, id);
    const held = stored?.document.lease;
    if (stored !== undefined && held !== undefined && held.owner !== owner) {
      if (watched?.seqNo !== stored.seqNo) watched = { seqNo: stored.seqNo, since: clock() };
      const waited = clock() - begun;
      if (clock() - watched.since < held.ttl) {
        if (signal.aborted || waited > 2 * Math.max(ttl, held.ttl)) throw leasedElsewhere(id, held.owner, waited);
        await sleep(Math.min(1000, held.ttl / 10), undefined, { signal }).catch(() => undefined);
        continue;
      }
    }
    const document: UnitDocument = {
      ...(stored?.document ?? { ...key, attempts: 0 }),
      type: 'unit',
      version,
      state: 'leased',
      lease: { owner, ttl },
      fence: (stored?.document.fence ?? 0) + 1,
      updated: isoTime(Date.now()),
    };
    const leased = await write(client, id, document, stored);
    if (leased !== undefined) return hold(options, id, leased);
  }
}

function leasedElsewhere(id: string, owner: string, waited: number): SinkError {
  return new SinkError(
    `Unit ${id} is leased by worker ${owner}, which goes on with it; waited ${formatDuration(waited)}. Let it finish.`,
    { code: 'unit_leased', retryable: true },
  );
}

function hold({ client, ttl }: LeaseOptions, id: string, leased: Stored): Unit {
  let stored = leased;
  let lost = false;
  let queue: Promise<unknown> = Promise.resolve();

  async function writeThrough(changes: Partial<UnitDocument>): Promise<void> {
    if (lost) throw new LeaseLost(id);
    const { lease, ...rest } = { ...stored.document, ...changes, updated: isoTime(Date.now()) };
    const document = changes.state === 'free' || lease === undefined ? rest : { ...rest, lease };
    let written = await write(client, id, document, stored);
    if (written === undefined) {
      // Without a new lease in between, it was a write of this worker whose answer was lost on the way.
      const found = await read(client, id);
      if (found?.document.fence === document.fence) written = await write(client, id, document, found);
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
  // A renewal that fails is tried again by the next; the lease itself tells when that was too late.
  const renewal = setInterval(() => void put({}).catch(() => undefined), Math.max(50, ttl / 3));
  renewal.unref();

  return {
    id,
    fence: leased.document.fence,
    state: () => stored.document,
    confirm: () => put({}),
    save: put,
    async release() {
      clearInterval(renewal);
      await queue;
      if (!lost) await put({ state: 'free' });
    },
  };
}

/** Whether another worker is at the unit, or has taken it over. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof MinecanaryError && (error.code === 'unit_leased' || error.code === 'lease_lost');
}
