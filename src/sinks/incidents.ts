import type { Client } from '@elastic/elasticsearch';
import { bulk } from '../elastic/bulk.ts';
import { sinkError } from '../elastic/errors.ts';
import { INCIDENTS, MATCHES } from '../elastic/names.ts';
import { readVersioned, type Versioned } from '../elastic/versioned.ts';
import { CHAIN_DAYS } from '../matcher/due.ts';
import { incidentIdOf, incidentOf } from '../matcher/incident.ts';
import { SinkError } from '../model/errors.ts';
import { type Incident, UNDATED } from '../model/incident.ts';
import { SEVERITY_FLOOR } from '../model/severity.ts';
import { isoTime, shiftDay } from '../model/time.ts';
import type { Related } from './event-context.ts';
import { date, entity, keyword, keywords, long, object, points, related, strict } from './mapping.ts';
import type { IncidentKey } from './matches.ts';
import type { IndexKind } from './plain-index.ts';
import { MOST_INCIDENTS, readDays, readTallies } from './tally.ts';

/** An incident as it stands after a write, with what an alert says beside it. */
export interface SettledIncident {
  readonly incident: Incident;
  readonly related: Related;
  readonly categories: readonly string[];
  /** Whether this settling wrote it. */
  readonly written: boolean;
}

const count = object({ name: keyword, count: long });

export const incidentIndex: IndexKind = {
  template: INCIDENTS,
  patterns: [INCIDENTS],
  mappings: strict({
    '@timestamp': date,
    event: object({ ...keywords('kind'), start: date, end: date, severity: long, risk_score: long }),
    related,
    minecanary: object({
      ...keywords('version', 'scope', 'day', 'severity', 'highest', 'reason'),
      entity,
      incident: object(keywords('id', 'previous')),
      events: long,
      matches: long,
      denied: long,
      datasets: count,
      kinds: count,
      lookups: count,
      indicators: count,
      points,
      score: long,
      updated: date,
    }),
  }),
};

type IncidentDocument = Readonly<Record<string, unknown>> & { readonly minecanary: Readonly<Record<string, unknown>> };

const ATTEMPTS = 10;

function toDocument({ incident, related: named }: SettledIncident, version: string, now: number): IncidentDocument {
  const { id, scope, entity: who, day, first, last, previous, score, ...rest } = incident;
  return {
    ...(last === undefined ? {} : { '@timestamp': last }),
    event: {
      kind: 'state',
      ...(first === undefined ? {} : { start: first }),
      ...(last === undefined ? {} : { end: last }),
      severity: SEVERITY_FLOOR[incident.severity],
      risk_score: score,
    },
    related: named,
    minecanary: {
      version,
      scope,
      day,
      entity: who,
      incident: { id, ...(previous === undefined ? {} : { previous }) },
      ...rest,
      score,
      updated: isoTime(now),
    },
  };
}

/** Equal but for when it was written. */
function isSame(old: IncidentDocument, fresh: IncidentDocument): boolean {
  const bare = ({ minecanary, ...rest }: IncidentDocument): string =>
    JSON.stringify({ ...rest, minecanary: { ...minecanary, updated: undefined } });
  return bare(old) === bare(fresh);
}

export interface SettleContext {
  readonly version: string;
  readonly now: number;
}

/**
 * Recomputes incidents from their match documents and writes those that change. Incidents are never incremented, so
 * any number of workers may settle the same ones, and one that was left half-done is repaired.
 *
 * @throws SinkError where Elasticsearch refuses, or others keep changing an incident.
 */
export async function settleIncidents(
  client: Client,
  affected: ReadonlyMap<string, IncidentKey>,
  context: SettleContext,
): Promise<SettledIncident[]> {
  if (affected.size === 0) return [];
  await refreshMatches(client);
  const settled: SettledIncident[] = [];
  const all = [...affected];
  for (let start = 0; start < all.length; start += MOST_INCIDENTS) {
    settled.push(...(await settleSome(client, new Map(all.slice(start, start + MOST_INCIDENTS)), context)));
  }
  return settled;
}

async function refreshMatches(client: Client): Promise<void> {
  try {
    await client.indices.refresh({ index: `${MATCHES}-*` });
  } catch (error) {
    throw sinkError('Refreshing match documents', error);
  }
}

async function settleSome(
  client: Client,
  affected: ReadonlyMap<string, IncidentKey>,
  context: SettleContext,
): Promise<SettledIncident[]> {
  const chain = await readChain(client, affected);
  const settled = new Map<string, SettledIncident>();
  let waiting = [...new Set([...affected.keys(), ...chain.later])];
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > ATTEMPTS) {
      throw new SinkError(`Others keep changing ${waiting.length} incidents; the pass ends here and is repeated.`, {
        code: 'incident_conflict',
        retryable: true,
      });
    }
    waiting = await writeOnce(client, waiting, chain.previous, context, settled);
  }
  return [...settled.values()];
}

interface Chain {
  /** Incident -> the entity's incident before it. */
  readonly previous: ReadonlyMap<string, string>;
  /** Incidents that follow an affected one, whose `previous` may have changed. */
  readonly later: readonly string[];
}

async function readChain(client: Client, affected: ReadonlyMap<string, IncidentKey>): Promise<Chain> {
  const dated = [...affected.values()].filter(({ day }) => day !== UNDATED);
  const previous = new Map<string, string>();
  const later: string[] = [];
  if (dated.length === 0) return { previous, later };
  const days = dated.map(({ day }) => day).sort();
  const found = await readDays(client, {
    index: `${MATCHES}-*`,
    entities: [...new Set(dated.map((key) => key.entity))],
    days: { gte: shiftDay(days[0] ?? '', -CHAIN_DAYS), lt: shiftDay(days.at(-1) ?? '', CHAIN_DAYS + 1) },
  });
  const daysOf = Map.groupBy(dated, ({ entity: who }) => who);
  for (const [i, { entity: who, day }] of found.entries()) {
    const id = incidentIdOf(who, day);
    const last = found[i - 1];
    const before = last?.entity === who ? last.day : '';
    // The affected one may be empty by now: it is passed over, and its follower is told.
    if (daysOf.get(who)?.some((one) => one.day >= before && one.day < day) === true) later.push(id);
    if (before !== '' && shiftDay(before, CHAIN_DAYS) >= day) previous.set(id, incidentIdOf(who, before));
  }
  return { previous, later };
}

async function writeOnce(
  client: Client,
  ids: readonly string[],
  previous: ReadonlyMap<string, string>,
  context: SettleContext,
  settled: Map<string, SettledIncident>,
): Promise<string[]> {
  // Read before the sum: what others write after it shows as a conflict.
  const existing = await readIncidents(client, ids);
  const tallies = await readTallies(client, ids);
  const writes = ids.flatMap((id) => {
    const old = existing.get(id);
    const tally = tallies.get(id) ?? (old === undefined ? undefined : emptied(old.document));
    if (tally === undefined) return [];
    const before = previous.get(id);
    const highest = old?.document.minecanary['highest'] as Incident['highest'] | undefined;
    const incident = incidentOf(tally, {
      ...(highest === undefined ? {} : { highest }),
      ...(before === undefined ? {} : { previous: before }),
    });
    const one = { incident, related: tally.related, categories: tally.categories, written: true };
    const document = toDocument(one, context.version, context.now);
    if (old !== undefined && isSame(old.document, document)) {
      settled.set(id, { ...one, written: false });
      return [];
    }
    const guard = old === undefined ? {} : { if_seq_no: old.seqNo, if_primary_term: old.primaryTerm };
    const place = { _index: INCIDENTS, _id: id };
    const action = old === undefined ? { create: place } : { index: { ...place, ...guard } };
    return [{ id, one, action, body: document }];
  });
  const outcomes = await bulk(client, writes);
  return writes.flatMap(({ id, one }, i) => {
    const outcome = outcomes[i];
    if (outcome === undefined || 'seqNo' in outcome) {
      settled.set(id, one);
      return [];
    }
    if (outcome.result === 'conflict') return [id];
    throw new SinkError(`Incident ${id} could not be written: ${outcome.reason}.`, {
      code: 'incident_refused',
      retryable: outcome.result === 'retryable',
      location: { index: INCIDENTS, id },
    });
  });
}

async function readIncidents(
  client: Client,
  ids: readonly string[],
): Promise<Map<string, Versioned<IncidentDocument>>> {
  try {
    return await readVersioned<IncidentDocument>(
      client,
      ids.map((id) => ({ index: INCIDENTS, id })),
    );
  } catch (error) {
    throw sinkError('Reading incidents', error);
  }
}

/** The tally of an incident of which all evidence went away, because its events changed. */
function emptied({ minecanary }: IncidentDocument) {
  const { scope, entity: who, day } = minecanary as unknown as Pick<Incident, 'scope' | 'entity' | 'day'>;
  const { id: _, ...bare } = who;
  return {
    scope,
    entity: bare,
    day,
    first: undefined,
    last: undefined,
    events: 0,
    matches: 0,
    denied: 0,
    datasets: [],
    kinds: [],
    lookups: [],
    indicators: [],
    ranked: [],
    points: { name: 0, network: 0, host: 0, content: 0 },
    best: 0,
    strong: false,
    conclusive: false,
    related: { ip: [], hosts: [], user: [] },
    categories: [],
  };
}
