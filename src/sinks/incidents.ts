import type { Client } from '@elastic/elasticsearch';
import { bulk } from '../elastic/bulk.ts';
import { sinkError } from '../elastic/errors.ts';
import { INCIDENTS, MATCHES } from '../elastic/names.ts';
import { readVersioned, type Versioned } from '../elastic/versioned.ts';
import { refresh } from '../elastic/whole.ts';
import type { Exceptions } from '../lookups/exceptions.ts';
import type { Joined } from '../matcher/claims.ts';
import { incidentOf } from '../matcher/incident.ts';
import { emptyTally } from '../matcher/tally.ts';
import { SinkError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import { type Chain, readChain } from './chain.ts';
import { settleClaims } from './claims.ts';
import type { Related } from './event-context.ts';
import { type IncidentDocument, isSameIncident, toIncidentDocument } from './incident-document.ts';
import type { IncidentKey } from './matches.ts';
import { MOST_INCIDENTS, type ReadTally, readTallies } from './tally.ts';

/** An incident as it stands after a write, with what an alert says beside it. */
export interface SettledIncident {
  readonly incident: Incident;
  readonly related: Related;
  readonly categories: readonly string[];
  /** Whether this settling wrote it. */
  readonly written: boolean;
}

const ATTEMPTS = 10;

export interface SettleContext {
  /** minecanary's own. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly exceptions: Exceptions;
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
  const claims = await settleClaims(client, affected);
  const settled: SettledIncident[] = [];
  const all = [...claims.affected];
  for (let start = 0; start < all.length; start += MOST_INCIDENTS) {
    const some = new Map(all.slice(start, start + MOST_INCIDENTS));
    settled.push(...(await settleSome(client, some, { ...context, joined: claims.joined })));
  }
  return settled;
}

async function refreshMatches(client: Client): Promise<void> {
  try {
    await refresh(client, `${MATCHES}-*`);
  } catch (error) {
    throw sinkError('Refreshing match documents', error);
  }
}

async function chainOf(client: Client, affected: ReadonlyMap<string, IncidentKey>): Promise<Chain> {
  try {
    return await readChain(client, affected);
  } catch (error) {
    throw sinkError('Reading how incidents follow one another', error);
  }
}

interface WriteContext extends SettleContext {
  readonly joined: ReadonlyMap<string, Joined>;
}

async function settleSome(
  client: Client,
  affected: ReadonlyMap<string, IncidentKey>,
  context: WriteContext,
): Promise<SettledIncident[]> {
  const chain = await chainOf(client, affected);
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

async function writeOnce(
  client: Client,
  ids: readonly string[],
  previous: ReadonlyMap<string, string>,
  { version, now, exceptions, joined }: WriteContext,
  settled: Map<string, SettledIncident>,
): Promise<string[]> {
  // Read before the sum: what others write after it shows as a conflict.
  const existing = await readIncidents(client, ids);
  const tallies = await readTallies(client, ids, exceptions);
  const writes = ids.flatMap((id) => {
    const old = existing.get(id);
    const elsewhere = joined.get(id);
    const tally = tallies.get(id) ?? emptied(old?.document, elsewhere);
    if (tally === undefined) return [];
    const into = tallies.has(id) ? undefined : elsewhere;
    const before = previous.get(id);
    const highest = old?.document.minecanary['highest'] as Incident['highest'] | undefined;
    const incident = incidentOf(tally, {
      ...(highest === undefined ? {} : { highest }),
      ...(before === undefined ? {} : { previous: before }),
      ...(tally.excepted === undefined ? {} : { excepted: tally.excepted }),
      ...(into === undefined ? {} : { joined: { id: into.into, name: into.claim.host } }),
    });
    const one = { incident, related: tally.related, categories: tally.categories, written: true };
    const document = toIncidentDocument({ ...one, version, now });
    if (old !== undefined && isSameIncident(old.document, document)) {
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

/**
 * The tally of an incident without evidence: its events changed, or it counts in a host's incident. One that was never
 * written is not, but for the latter: events that were tagged before name it.
 */
function emptied(document: IncidentDocument | undefined, joined: Joined | undefined): ReadTally | undefined {
  const nothing = { related: { ip: [], hosts: [], user: [] }, categories: [] };
  if (document !== undefined) {
    const { scope, entity: who, day } = document.minecanary as unknown as Pick<Incident, 'scope' | 'entity' | 'day'>;
    const { id: _, ...entity } = who;
    return { ...emptyTally({ scope, entity, day }), ...nothing };
  }
  if (joined === undefined) return undefined;
  const { scope, day, address } = joined.claim;
  return { ...emptyTally({ scope, day, entity: { type: 'address', name: address, shared: false } }), ...nothing };
}
