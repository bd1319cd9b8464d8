import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookConfig } from '../config/config.ts';
import { proxyWarning } from '../http/proxy.ts';
import type { Environment } from '../http/request.ts';
import { formatDuration } from '../model/duration.ts';
import { openReceiver, type Receiver } from '../sinks/webhook.ts';
import type { Delivered } from '../telemetry/work.ts';
import { createDelivery, type Deliverer, pauseAfter, type Round } from './delivery.ts';
import { isElsewhere } from './lease.ts';
import { unitId } from './unit.ts';

/** Milliseconds. */
export interface Pauses {
  /** Between rounds. */
  readonly poll: number;
  /** After the first failure; the bound doubles with each. */
  readonly backoff: number;
}

const PAUSES: Pauses = { poll: 10_000, backoff: 1000 };
/** A receiver that asks for a longer wait is asked again all the same. */
const LONGEST_WAIT_MS = 3_600_000;
/** How long alerts are posted after a single run. */
export const ONCE_MS = 30_000;

/**
 * Does some work, and posts alerts to the receiver of the configuration, if there is one, until the work has ended. The
 * receiver, and what becomes of a round, neither delays nor ends the work.
 *
 * @param env holds the proxy.
 */
export async function deliverBeside<T>(
  deliverer: Deliverer,
  env: Environment,
  work: () => Promise<T>,
  pauses: Pauses = PAUSES,
): Promise<T> {
  const { webhook } = deliverer.config.alerts;
  if (webhook === undefined) return work();
  const ended = new AbortController();
  const signal = AbortSignal.any([deliverer.signal, ended.signal]);
  const delivery = deliverUntil(signal, withUnitId(deliverer, webhook), { webhook, env, ...pauses });
  try {
    return await work();
  } finally {
    ended.abort();
    await delivery;
  }
}

async function deliverUntil(
  signal: AbortSignal,
  deliverer: Deliverer,
  { webhook, env, poll, backoff }: Pauses & { readonly webhook: WebhookConfig; readonly env: Environment },
): Promise<void> {
  const { log } = deliverer;
  const receiver = openReceiver(webhook, env);
  const delivery = createDelivery(deliverer, webhook, receiver, backoff);
  const doubt = doubtOf(webhook, env);
  if (doubt !== undefined) log.warn(doubt);
  let failures = 0;
  /** What was told last of rounds that failed. */
  let told: string | undefined;
  while (!signal.aborted) {
    let pause = poll;
    let trouble = told;
    try {
      const round = await delivery.round(signal);
      tellSettled(deliverer, receiver, round);
      deliverer.report?.delivered(deliveredOf(round));
      // While alerts rest that were posted in vain, what was told of them holds.
      trouble = troubleOf(receiver, round) ?? (round.waiting > 0 ? told : undefined);
      failures = round.why === undefined ? 0 : round.acknowledged > 0 ? 1 : failures + 1;
      if (round.why !== undefined) pause = Math.max(pauseAfter(failures, backoff), waitOf(round));
    } catch (error) {
      // Where another worker is at it, the alerts are in good hands.
      if (!isElsewhere(error)) {
        failures += 1;
        pause = pauseAfter(failures, backoff);
        trouble = `Alerts can't be posted now: ${error instanceof Error ? error.message : String(error)}`;
      }
    }
    if (trouble !== undefined && trouble !== told && !signal.aborted) log.warn(trouble);
    told = trouble;
    if (!signal.aborted) await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  receiver.close();
}

/** One round, of limited time. What becomes of it is told, and no failure of the run. */
export async function deliverOnce(worker: Deliverer, env: Environment): Promise<void> {
  const { webhook } = worker.config.alerts;
  if (webhook === undefined) return;
  const deliverer = withUnitId(worker, webhook);
  const { log } = deliverer;
  const receiver = openReceiver(webhook, env);
  const doubt = doubtOf(webhook, env);
  if (doubt !== undefined) log.warn(doubt);
  const over = AbortSignal.timeout(ONCE_MS);
  try {
    const delivery = createDelivery(deliverer, webhook, receiver, PAUSES.backoff);
    const round = await delivery.round(AbortSignal.any([deliverer.signal, over]));
    tellSettled(deliverer, receiver, round);
    const trouble = troubleOf(receiver, round);
    if (trouble !== undefined) log.warn(trouble);
    else if (over.aborted) log.warn(`Posting alerts ended after ${formatDuration(ONCE_MS)}; the others are still due.`);
  } catch (error) {
    if (isElsewhere(error)) return;
    log.warn(`Alerts can't be posted now: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    receiver.close();
  }
}

/** With a log whose lines carry the unit's id. */
function withUnitId(deliverer: Deliverer, { name: source }: WebhookConfig): Deliverer {
  return { ...deliverer, log: deliverer.log.child({ 'minecanary.unit.id': unitId({ source, pass: 'delivery' }) }) };
}

/** What is doubtful about this receiver, a sentence. */
function doubtOf({ insecure }: WebhookConfig, env: Environment): string | undefined {
  if (insecure) return 'The webhook is insecure: whoever stands on the way may read the alerts and its secrets.';
  return proxyWarning(env);
}

function tellSettled({ log }: Deliverer, { host }: Receiver, { acknowledged, refused }: Round): void {
  if (acknowledged > 0) log.info(`${acknowledged} alerts were acknowledged by the webhook at ${host}`);
  for (const { id, reason } of refused) {
    log.error(`Alert ${id} is not posted to ${host} again, and named in the ledger. ${reason}`);
  }
}

function deliveredOf({ acknowledged, refused, waiting, why }: Round): Delivered {
  return { acknowledged, refused: refused.length, waiting, failed: why !== undefined };
}

function troubleOf({ host }: Receiver, { why }: Round): string | undefined {
  if (why === undefined) return undefined;
  return `Alerts are not acknowledged by the webhook at ${host}: ${why}. They stay due.`;
}

function waitOf({ wait = 0 }: Round): number {
  return Math.min(wait, LONGEST_WAIT_MS);
}
