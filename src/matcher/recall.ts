import type { Exceptions } from '../lookups/exceptions.ts';
import type { LearnedTable } from '../lookups/learned.ts';
import type { Indicator } from '../model/indicator.ts';
import { LEARNED_ADDRESSES, type LearnedAddress } from '../model/learned.ts';
import type { Entity, Observable } from '../model/match.ts';
import { isoTime } from '../model/time.ts';
import type { Context } from './context.ts';
import { clientOf } from './lesson.ts';
import type { Observed } from './observe.ts';

/** A connection to a learned address, with the listed name that its client had asked for. */
export interface Recalled {
  readonly observable: Observable;
  readonly indicator: Indicator;
  readonly answerTo: string;
}

interface Connection {
  readonly context: Context;
  readonly suspected: { readonly entity: Entity };
  readonly scope: string;
  readonly time: number | undefined;
}

/** Whether an event speaks with a learned address, whoever asked for it. */
export function mayRecall({ observables }: Observed, { addresses }: LearnedTable): boolean {
  return addresses.size > 0 && observables.some(({ kind, value }) => kind === 'address' && addresses.has(value));
}

/**
 * The far addresses of a connection to which an answer led its client, or the host that tells of it, shortly before. An
 * exception of the name excepts what it led to.
 */
export function recall(
  observed: Observed,
  connection: Connection,
  learned: LearnedTable,
  exceptions: Exceptions,
): Recalled[] {
  const { context, suspected, scope, time } = connection;
  if (time === undefined || learned.addresses.size === 0) return [];
  const client = clientOf(context);
  const askers = [...(client === undefined ? [] : [client]), ...hostOf(suspected.entity)];
  const far = context.reply ? 'client' : 'server';
  return observed.observables.flatMap((observable) => {
    const { kind, side, value } = observable;
    if (kind !== 'address' || side !== far || !learned.addresses.has(value)) return [];
    const found = learned.find({ scope, askers, address: value, time });
    if (found === undefined) return [];
    const indicator = indicatorOf(found);
    const name: Indicator = { ...indicator, type: 'domain-name', value: found.indicator.value };
    if (exceptions.exceptedMatch({ indicator: name }) !== undefined) return [];
    return [{ observable, indicator, answerTo: found.name }];
  });
}

function hostOf({ type, shared, name }: Entity): string[] {
  return type === 'host' && !shared ? [name] : [];
}

/** The learned address as an indicator, of the origin and confidence of the name. */
function indicatorOf({ address, name, from, indicator, event, shared }: LearnedAddress): Indicator {
  const { confidence, provider, licence, reference, category, lookup } = indicator;
  const told = `answer to ${name} (${lookup}, ${confidence}) at ${isoTime(from)} in ${event}`;
  return {
    kind: 'address',
    type: address.includes(':') ? 'ipv6-addr' : 'ipv4-addr',
    value: address,
    confidence: shared ? 'low' : confidence,
    provider,
    licence,
    reference,
    ...(category !== undefined && { category }),
    note: shared ? `${told}; many sites share the address, of a content delivery network` : told,
    lookup: LEARNED_ADDRESSES,
  };
}
