import { createHash } from 'node:crypto';
import { inNetworks } from '../lookups/address.ts';
import type { Tables } from '../lookups/compile.ts';
import type { Exceptions } from '../lookups/exceptions.ts';
import { type LearnedTable, NOTHING_LEARNED } from '../lookups/learned.ts';
import type { EventDocument } from '../model/event.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Evidence, Match, Observable } from '../model/match.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';
import { severityOf } from '../model/severity.ts';
import { claimsOf } from './claims.ts';
import { type Context, contextOf, timeTold } from './context.ts';
import { createSuspector, datasetOf, type Suspect } from './entity.ts';
import { lessonOf } from './lesson.ts';
import { createObserver, type Observed } from './observe.ts';
import { mayRecall, recall } from './recall.ts';
import { familyOf, familyPoints, fuse, isConclusive, isWeak, pointsOf } from './score.ts';
import { createSifter } from './sift.ts';

/** Decides about events. Pure: no clock, no input, no output; total on any JSON. */
export interface Matcher {
  readonly tables: Tables;
  /**
   * The evidence of one event; undefined where nothing matches.
   *
   * @param time milliseconds since 1970 UTC, where whoever read the event knows better than its text (a mapping with
   * a format of its own); else the event's fields are parsed.
   */
  match(event: EventDocument, time?: number): Evidence | undefined;
  /** The same matcher with other learned addresses. */
  taught(learned: LearnedTable): Matcher;
  /** What is read in an event, for an explanation. */
  observe(event: EventDocument): Observed;
  /** What it tells besides, also where nothing matches. @param time as `match` has it. */
  circumstances(observed: Observed, time?: number): Circumstances;
}

/** Who, which way, when. */
export interface Circumstances {
  readonly context: Context;
  readonly suspected: Suspect;
  readonly scope: string;
  /** Internal addresses that the host says are its own. */
  readonly claims: readonly string[];
  /** Milliseconds since 1970 UTC; undefined where the event gives none. */
  readonly time: number | undefined;
}

const LONGEST_VALUE = 1024;

interface Pair {
  readonly observable: Observable;
  readonly indicator: Indicator;
  readonly answerTo?: string;
}

/** @param learned addresses that answers to listed names led to; they stand outside the lookups' digest. */
export function createMatcher(
  tables: Tables,
  policy: Policy = DEFAULT_POLICY,
  learned: LearnedTable = NOTHING_LEARNED,
): Matcher {
  const sifter = createSifter(tables, policy);
  const observe = createObserver(policy);
  const isInternal = inNetworks(policy.internal_networks);
  const suspect = createSuspector(policy.shared_hosts);

  function circumstancesOf(observed: Observed, context: Context, time: number | undefined): Circumstances {
    const suspected = suspect(observed, context);
    const scope = policy.scope ?? String(observed.context('namespace')[0] ?? 'default');
    const claims = claimsOf(observed, context, suspected, isInternal);
    return { context, suspected, scope, claims, time: time ?? timeTold(observed)?.time };
  }

  function match(known: LearnedTable, event: EventDocument, time: number | undefined): Evidence | undefined {
    if (!sifter.mayMatch(event, known)) return undefined;
    const observed = observe(event);
    const pairs = findPairs(tables, observed);
    if (pairs.length === 0 && !mayRecall(observed, known)) return undefined;
    const context = contextOf(observed, isInternal);
    const kept = policy.ports.client === 'tag' ? pairs : pairs.filter((pair) => !isClientPort(pair, context));
    if (kept.length === 0 && !mayRecall(observed, known)) return undefined;
    const circumstances = circumstancesOf(observed, context, time);
    const all = [...kept, ...recall(observed, circumstances, known, tables.exceptions)];
    if (all.length === 0) return undefined;
    const evidence = judge(all, observed, circumstances, tables.exceptions);
    if (evidence.excepted !== undefined) return evidence;
    const { entity, time: at } = evidence;
    const counting = kept.filter((pair) => tables.exceptions.exceptedMatch(pair) === undefined);
    const lesson = lessonOf({ observed, pairs: counting, context, entity, time: at, isInternal });
    return lesson === undefined ? evidence : { ...evidence, lesson };
  }
  function taught(known: LearnedTable): Matcher {
    return {
      tables,
      observe,
      taught,
      circumstances: (observed, time) => circumstancesOf(observed, contextOf(observed, isInternal), time),
      match: (event, time) => match(known, event, time),
    };
  }
  return taught(learned);
}

/** Every observable with every indicator it is of. */
function findPairs(tables: Tables, observed: Observed): Pair[] {
  const pairs: Pair[] = [];
  for (const observable of observed.observables) {
    for (const indicator of tables.byKind[observable.kind].find(observable.value)) {
      if (speaksOf(indicator, observed)) pairs.push({ observable, indicator });
    }
  }
  return pairs;
}

/** What is excepted does not count; where nothing else is there, it is told why. */
function judge(
  pairs: readonly Pair[],
  observed: Observed,
  circumstances: Circumstances,
  exceptions: Exceptions,
): Evidence {
  const excepted = exceptions.excepted({ entity: circumstances.suspected.entity, matches: pairs });
  if (excepted !== undefined) return { ...weigh(pairs, observed, circumstances), excepted };
  return weigh(
    pairs.filter((pair) => exceptions.exceptedMatch(pair) === undefined),
    observed,
    circumstances,
  );
}

/** An indicator with a transport speaks only of that transport, where the event tells one. */
export function speaksOf({ transport }: Indicator, { context }: Observed): boolean {
  const told = transport === undefined ? [] : context('transport').map((value) => String(value).toLowerCase());
  return (
    told.length === 0 || !told.some((value) => value === 'tcp' || value === 'udp') || told.includes(transport ?? '')
  );
}

/** A client's port, which `ports.client: ignore` leaves out; in a reply it is the service's. */
export function isClientPort({ observable: { kind, side } }: Pick<Pair, 'observable'>, { reply }: Context): boolean {
  return kind === 'port' && side === 'client' && !reply;
}

function weigh(pairs: readonly Pair[], observed: Observed, circumstances: Circumstances): Evidence {
  const { context, suspected, scope, claims, time } = circumstances;
  const nameMatched = pairs.some(({ observable }) => familyOf(observable.kind) === 'name');
  const { entity, direction } = suspected;
  const matches = pairs.map(({ observable, indicator, answerTo }): Match => {
    const points = pointsOf(observable, indicator, context, { direction, nameMatched });
    // What adds nothing does not strengthen the rest either.
    const weak = points === 0 || isWeak(observable, indicator);
    const family = familyOf(observable.kind);
    return { observable: clipped(observable), indicator, family, points, weak, ...(answerTo && { answerTo }) };
  });
  const points = familyPoints(matches);
  const strong = matches.some(({ weak }) => !weak);
  const conclusive = pairs.some(({ observable, indicator }) => isConclusive(observable, indicator));
  const score = fuse(points, { strong, conclusive });
  const { denied } = context;
  return {
    matches,
    points,
    strong,
    conclusive,
    score,
    severity: severityOf(score),
    scope,
    entity,
    dataset: datasetOf(observed),
    direction,
    denied,
    time,
    claims,
    digest: contentDigest(observed, { entity, scope, direction, denied, claims, time }),
  };
}

/** Command lines may be long; what is written of them is not. */
function clipped(observable: Observable): Observable {
  const { value } = observable;
  return value.length <= LONGEST_VALUE ? observable : { ...observable, value: `${value.slice(0, LONGEST_VALUE)}…` };
}

/** Over what the event says, not over what the lookups make of it. */
function contentDigest({ observables }: Observed, rest: Partial<Evidence>): string {
  const seen = observables.map(({ kind, side, value, field }) => `${kind} ${side} ${value} ${field}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([seen, rest]))
    .digest('hex')
    .slice(0, 32);
}
