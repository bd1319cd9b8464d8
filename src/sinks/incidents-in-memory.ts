import { toAlert } from '../matcher/alert.ts';
import { joinClaims } from '../matcher/claims.ts';
import { CHAIN_DAYS, type DueOptions, dueAlerts } from '../matcher/due.ts';
import { incidentId, incidentOf } from '../matcher/incident.ts';
import { createReader } from '../matcher/reader.ts';
import { createTally, joinTallies, partOf, type Tally } from '../matcher/tally.ts';
import type { EventDocument } from '../model/event.ts';
import { type Incident, UNDATED } from '../model/incident.ts';
import type { Evidence } from '../model/match.ts';
import { dayOf, type Lifetime, shiftDay } from '../model/time.ts';
import { type Related, relatedOf } from './event-context.ts';

/** An incident with what its alert says beside it. */
interface Suspected {
  readonly incident: Incident;
  readonly related: Related;
  readonly categories: readonly string[];
}

/** The same before it is one. */
interface Added extends Omit<Suspected, 'incident'> {
  readonly tally: Tally;
}

export type Alert = ReturnType<typeof toAlert>;

/** Incidents added up in memory, as many as there are entities and days with evidence; nothing is written. */
export interface IncidentsInMemory {
  /** @returns the id of the event's incident. */
  add(event: EventDocument, evidence: Evidence): string;
  /** Most severe first. */
  list(): readonly Incident[];
  /** What the worker would raise at the end of a pass over the same events, in order of days. */
  alerts(options: AlertOptions): readonly Alert[];
}

export interface AlertOptions extends DueOptions {
  /** minecanary's own. */
  readonly version: string;
}

/** As the worker keeps of each list in an alert. */
const MOST_RELATED = 50;
/** Distinct values of which the most frequent are found. */
const MOST_COUNTED = 1000;
const categoryReader = createReader([['event.category']]);

export function createIncidentsInMemory(lifetime: Lifetime): IncidentsInMemory {
  const open = new Map<string, Suspicion>();

  /** In order of days, of the undated last, each with the id of the entity's incident before it. */
  function settled(): Suspected[] {
    const latest = new Map<string, Incident>();
    return fuseClaimed(open)
      .sort((a, b) => (a.tally.day < b.tally.day ? -1 : a.tally.day > b.tally.day ? 1 : 0))
      .map(({ tally, ...rest }) => {
        const one = { ...rest, incident: incidentOf(tally) };
        const { day } = tally;
        const before = latest.get(one.incident.entity.id);
        if (day !== UNDATED) latest.set(one.incident.entity.id, one.incident);
        const follows = day !== UNDATED && before !== undefined && shiftDay(before.day, CHAIN_DAYS) >= day;
        return follows ? { ...one, incident: { ...one.incident, previous: before.id } } : one;
      });
  }

  return {
    add(event, evidence) {
      const day = dayOf(evidence.time, lifetime);
      const id = incidentId(evidence.scope, evidence.entity, day);
      const suspicion = open.get(id) ?? createSuspicion(evidence, day);
      open.set(id, suspicion);
      suspicion.add(event, evidence);
      return id;
    },
    list: () =>
      settled()
        .map(({ incident }) => incident)
        .sort((a, b) => b.score - a.score || b.events - a.events),
    alerts: ({ version, ...options }) =>
      dueAlerts(settled(), new Map(), options).map(({ incident, related, categories }) =>
        toAlert(incident, { related, categories, version, now: lifetime.now }),
      ),
  };
}

type Suspicion = ReturnType<typeof createSuspicion>;

/** The evidence on an address that exactly one host claims counts with that host's, where it has any. */
function fuseClaimed(open: ReadonlyMap<string, Suspicion>): Added[] {
  const added = new Map([...open].map(([id, one]) => [id, one.added()]));
  for (const { own, into } of joinClaims([...open.values()].flatMap((one) => one.claims())).values()) {
    const [address, host] = [added.get(own), added.get(into)];
    if (own === into || address === undefined || host === undefined) continue;
    added.delete(own);
    added.set(into, {
      tally: joinTallies(host.tally, address.tally),
      related: {
        ip: union(host.related.ip, address.related.ip),
        hosts: union(host.related.hosts, address.related.hosts),
        user: union(host.related.user, address.related.user),
      },
      categories: union(host.categories, address.categories),
    });
  }
  return [...added.values()];
}

function union(some: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...some, ...more])].slice(0, MOST_RELATED);
}

function createSuspicion({ scope, entity }: Evidence, day: string) {
  const tally = createTally({ scope, entity, day });
  const claimed = new Set<string>();
  const lists = { ip: createCounts(), hosts: createCounts(), user: createCounts(), categories: createCounts() };
  return {
    add(event: EventDocument, evidence: Evidence): void {
      tally.add(partOf(evidence));
      for (const address of evidence.claims) claimed.add(address);
      const { ip, hosts, user } = relatedOf(event, evidence);
      const [categories] = categoryReader.read(event);
      lists.ip.add(ip);
      lists.hosts.add(hosts);
      lists.user.add(user);
      lists.categories.add((categories ?? []).map(String));
    },
    claims: () => [...claimed].map((address) => ({ scope, day, address, host: entity.name })),
    added: (): Added => ({
      tally: tally.tally(),
      related: { ip: lists.ip.most(), hosts: lists.hosts.most(), user: lists.user.most() },
      categories: lists.categories.most(),
    }),
  };
}

/** Counts values, and forgets what comes after many others: a server may be knocked at by all the world. */
function createCounts(): { add(values: readonly string[]): void; most(): string[] } {
  const counts = new Map<string, number>();
  return {
    add(values) {
      for (const value of new Set(values)) {
        const count = counts.get(value) ?? 0;
        if (count > 0 || counts.size < MOST_COUNTED) counts.set(value, count + 1);
      }
    },
    most: () =>
      [...counts]
        .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
        .slice(0, MOST_RELATED)
        .map(([value]) => value),
  };
}
