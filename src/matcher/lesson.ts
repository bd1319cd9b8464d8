import { type Address, parseAddress } from '../lookups/address.ts';
import { isTelling } from '../lookups/learned.ts';
import type { Confidence, Indicator } from '../model/indicator.ts';
import type { AskedFor, Lesson } from '../model/learned.ts';
import type { Entity, Observable } from '../model/match.ts';
import { CATALOGUE, type ContextName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { Observed } from './observe.ts';

/** A DNS event that matched, and what is known of it. */
export interface Asked {
  readonly observed: Observed;
  readonly pairs: readonly { readonly observable: Observable; readonly indicator: Indicator }[];
  readonly context: Context;
  readonly entity: Entity;
  readonly time: number | undefined;
  readonly isInternal: (address: Address) => boolean;
}

const HOUR = 3_600_000;
/** An answer counts no shorter, as programs keep what they were told, and no longer. */
const SHORTEST = HOUR;
const LONGEST = 24 * HOUR;
/** More addresses tell of no single place. */
const MOST_ADDRESSES = 32;
/** A host of more addresses than these is a router, or runs containers. */
const MOST_OWN = 8;
/** The address of a web site says nothing of mining: its other pages lie there too. */
const SITES = new Set(['browser-miner', 'site']);
const TTLS: readonly ContextName[] = ['answerTtl', 'zeekTtl', 'eveTtl', 'rootTtl'];
const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low'];

const NAMES = new Set(['name', 'registered', 'answer', 'answers']);
/** Fields that tell for which name was asked, and to which names that led. */
const ASKED = new Set(CATALOGUE.filter(({ kind, side }) => side === 'none' && NAMES.has(kind)).map((one) => one.field));

/** What a DNS event teaches; undefined where it has no answer to a listed name, or was denied. */
export function lessonOf({ observed, pairs, context, entity, time, isInternal }: Asked): Lesson | undefined {
  if (time === undefined || context.denied) return undefined;
  const addresses = answersOf(observed, isInternal);
  if (addresses.length === 0) return undefined;
  const asked = bestOf(pairs);
  const askers = askersOf(observed, context, entity, isInternal);
  if (asked === undefined || askers.length === 0) return undefined;
  const until = time + Math.min(Math.max(shortestTtl(observed), SHORTEST), LONGEST);
  const name = asked.observable.value;
  return { name, askers, addresses, from: time, until, indicator: askedFor(asked.indicator) };
}

/** None that is of ours, or of nobody: such an answer is a sinkhole's or leads to a proxy. */
function answersOf({ observables }: Observed, isInternal: Asked['isInternal']): string[] {
  const addresses = observables.filter(({ answer, kind, value }) => {
    if (!answer || kind !== 'address' || !isTelling(value)) return false;
    const address = parseAddress(value);
    return address !== undefined && !isInternal(address);
  });
  return [...new Set(addresses.map(({ value }) => value))].slice(0, MOST_ADDRESSES);
}

/** The listed name of highest confidence that was asked for, or to which the answer led. */
function bestOf(pairs: Asked['pairs']): Asked['pairs'][number] | undefined {
  const asked = pairs.filter(
    ({ observable: { kind, field }, indicator: { category } }) =>
      kind === 'domain' && ASKED.has(field) && !SITES.has(category ?? ''),
  );
  for (const confidence of CONFIDENCES) {
    const found = asked.find(({ indicator }) => indicator.confidence === confidence);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The client, the host that tells of itself, and the addresses it says it has. */
function askersOf(observed: Observed, context: Context, entity: Entity, isInternal: Asked['isInternal']): string[] {
  const client = clientOf(context);
  const askers = client === undefined ? [] : [client];
  if (entity.type === 'host' && !entity.shared) askers.push(entity.name, ...ownAddresses(observed, entity, isInternal));
  return [...new Set(askers)];
}

/** Whose traffic it is; in a reply the client stands where else the server does. */
export function clientOf({ client, server, reply }: Context): string | undefined {
  return reply ? server : client;
}

/** `host.ip` where it is the entity's and not that of who collected its events; what many hosts have is left out. */
function ownAddresses(observed: Observed, { name }: Entity, isInternal: Asked['isInternal']): string[] {
  const told = observed.context('host').map((value) => String(value).toLowerCase());
  if (!told.some((text) => text === name || text.split('.')[0] === name.split('.')[0])) return [];
  const addresses = observed.context('hostAddress').map((value) => parseAddress(String(value)));
  const own = addresses.filter((address) => address !== undefined && isInternal(address) && !isLocal(address.text));
  return own.length > MOST_OWN ? [] : own.flatMap((address) => address?.text ?? []);
}

function isLocal(address: string): boolean {
  return /^(127\.|169\.254\.|fe80:|::1$)/.test(address);
}

/** Milliseconds; an alias and what it leads to live as long as the shorter of them. 0 where none is told. */
function shortestTtl({ context }: Observed): number {
  const seconds = TTLS.flatMap((name) => context(name).map(Number)).filter((ttl) => ttl >= 0);
  return seconds.length === 0 ? 0 : seconds.reduce((least, ttl) => Math.min(least, ttl)) * 1000;
}

function askedFor({ value, confidence, provider, licence, reference, category, lookup }: Indicator): AskedFor {
  return { value, confidence, provider, licence, reference, ...(category !== undefined && { category }), lookup };
}
