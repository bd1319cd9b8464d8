import type { WebhookConfig } from '../config/config.ts';
import { serverTime } from '../elastic/clock.ts';
import { isoTime } from '../model/time.ts';
import type { Failure } from '../sinks/matched.ts';
import type { Receiver } from '../sinks/webhook.ts';
import type { AlertDocument } from '../sinks/webhook-body.ts';
import { alertsSince, type WrittenAlert } from './due-alerts.ts';
import { leaseUnit, type Unit } from './lease.ts';
import { createSettledAlerts, type SettledAlerts } from './settled-alerts.ts';
import { unitOf } from './unit.ts';
import type { Worker } from './worker.ts';

/** What delivery needs of a worker. */
export type Deliverer = Pick<Worker, 'client' | 'config' | 'version' | 'owner' | 'log' | 'signal' | 'report'>;

/** What came of a round. */
export interface Round {
  readonly acknowledged: number;
  /** Alerts the receiver will not take. */
  readonly refused: readonly Failure[];
  /** Alerts that are still to be posted; where the round ended early there may be more. */
  readonly waiting: number;
  /** Why the last one that was posted in vain is to be posted again. */
  readonly why?: string;
  /** Milliseconds that the receiver asks to wait. */
  readonly wait?: number;
}

export interface Delivery {
  /**
   * Posts each alert that is due once. Ends early at the signal, and where the receiver seems down.
   *
   * @throws MinecanaryError where Elasticsearch can't be read or written; with code `unit_leased` or `lease_lost` where
   *   another worker is at it.
   */
  round(signal: AbortSignal): Promise<Round>;
}

/**
 * An alert may be written, or become visible, so much later than its `event.ingested` says and is still found; at the
 * first round, alerts of this time are posted.
 */
const OVERLAP_MS = 3_600_000;
/** The checkpoint is written when it would move by so much. */
const STEP_MS = 300_000;
/** So many alerts in a row that aren't acknowledged end a round: then it is the receiver, not the alerts. */
const MOST_FAILURES = 3;
const LONGEST_PAUSE_MS = 300_000;

/** Milliseconds to wait after so many failures in a row, at random below a bound that doubles with each. */
export function pauseAfter(failures: number, first: number): number {
  return Math.min(LONGEST_PAUSE_MS, first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

interface State {
  readonly webhook: WebhookConfig;
  readonly receiver: Receiver;
  readonly books: SettledAlerts;
  /** Milliseconds an alert rests after its first failure. */
  readonly rest: number;
  /** Ids of alerts after the checkpoint that are settled, as far as this worker knows. */
  known: ReadonlySet<string>;
  /** Alerts that were not acknowledged: how often, and until when they rest on the monotonic clock. */
  readonly resting: Map<string, { readonly failures: number; readonly until: number }>;
}

/** A round so far. */
interface Progress {
  acknowledged: number;
  readonly refused: Failure[];
  waiting: number;
  why?: string;
  wait?: number;
  /** Alerts in a row that were not acknowledged. */
  failures: number;
  /** When the earliest alert was written that is not settled. */
  left: number;
  readonly settled: Set<string>;
}

/**
 * Posts alerts to a receiver, each until it is acknowledged. Which are settled stands in a document an alert, and before
 * the unit's checkpoint all are: any worker goes on where another one ended. One that is stopped between an
 * acknowledgement and its document posts that alert again, with the same key.
 *
 * @param rest milliseconds an alert rests after its first failure.
 */
export function createDelivery(
  deliverer: Deliverer,
  webhook: WebhookConfig,
  receiver: Receiver,
  rest: number,
): Delivery {
  const { client, config, owner, version } = deliverer;
  const books = createSettledAlerts(client, webhook.name, version);
  const state: State = { webhook, receiver, books, rest, known: new Set(), resting: new Map() };
  return {
    async round(signal) {
      const lease = { client, owner, version, ttl: config.lease.ttl, clock: () => performance.now(), signal };
      const unit = await leaseUnit(lease, unitOf({ source: webhook.name, pass: 'delivery' }));
      try {
        return await deliver(deliverer, state, unit, signal);
      } finally {
        // A lease that can't be ended runs out.
        await unit.release().catch(() => undefined);
      }
    },
  };
}

async function deliver({ client }: Deliverer, state: State, unit: Unit, signal: AbortSignal): Promise<Round> {
  const newest = (await serverTime(client)) - OVERLAP_MS;
  const stood = unit.state().checkpoint;
  const since = stood === undefined ? newest : Date.parse(stood);
  if (stood === undefined) await unit.save({ checkpoint: isoTime(since) });
  const progress: Progress = {
    acknowledged: 0,
    refused: [],
    waiting: 0,
    failures: 0,
    left: Infinity,
    settled: new Set(),
  };
  const isOver = (): boolean => signal.aborted || progress.failures >= MOST_FAILURES || progress.wait !== undefined;
  for await (const page of alertsSince(client, since, state.webhook.min_severity)) {
    const { settled, open } = await state.books.part(page.filter(({ id }) => !state.known.has(id)));
    for (const id of settled) progress.settled.add(id);
    for (const { id } of page) if (state.known.has(id)) progress.settled.add(id);
    // Those that failed come last, so that they end no round before others had their turn.
    for (const { alert, document } of open.toSorted((a, b) => failuresOf(state, a) - failuresOf(state, b))) {
      if (isOver() || isResting(state, alert)) leave(progress, alert);
      else await deliverOne(state, unit, progress, { alert, document, signal });
    }
    if (!isOver()) continue;
    // What comes after this page was not looked at.
    progress.left = Math.min(progress.left, page.at(-1)?.written ?? Infinity);
    break;
  }
  state.known = progress.settled;
  const checkpoint = Math.min(progress.left, newest);
  if (checkpoint >= since + STEP_MS) await unit.save({ checkpoint: isoTime(checkpoint) });
  const { acknowledged, refused, waiting, why, wait } = progress;
  return { acknowledged, refused, waiting, ...(why && { why }), ...(wait === undefined ? {} : { wait }) };
}

async function deliverOne(
  state: State,
  unit: Unit,
  progress: Progress,
  { alert, document, signal }: { alert: WrittenAlert; document: AlertDocument; signal: AbortSignal },
): Promise<void> {
  await unit.confirm();
  const posted = await state.receiver.post(alert.id, document, signal);
  if (posted.result === 'later') {
    leave(progress, alert);
    // A request that is cut off says nothing of the receiver.
    if (signal.aborted) return;
    progress.failures += 1;
    progress.why = posted.why;
    if (posted.wait !== undefined) progress.wait = posted.wait;
    const failures = failuresOf(state, { alert }) + 1;
    state.resting.set(alert.id, { failures, until: performance.now() + pauseAfter(failures, state.rest) });
    return;
  }
  progress.failures = 0;
  if (posted.result === 'acknowledged') {
    progress.acknowledged += 1;
    await state.books.acknowledged(alert);
  } else {
    progress.refused.push(await state.books.refused(alert, posted.why));
  }
  progress.settled.add(alert.id);
  state.resting.delete(alert.id);
}

function leave(progress: Progress, { written }: WrittenAlert): void {
  progress.waiting += 1;
  progress.left = Math.min(progress.left, written);
}

function failuresOf({ resting }: State, { alert }: { readonly alert: WrittenAlert }): number {
  return resting.get(alert.id)?.failures ?? 0;
}

function isResting({ resting }: State, { id }: WrittenAlert): boolean {
  return performance.now() < (resting.get(id)?.until ?? 0);
}
