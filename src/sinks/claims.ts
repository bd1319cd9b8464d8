import type { Client } from '@elastic/elasticsearch';
import { bulk } from '../elastic/bulk.ts';
import { compositeBuckets } from '../elastic/composite.ts';
import { sinkError } from '../elastic/errors.ts';
import { MATCHES } from '../elastic/names.ts';
import { searchPages } from '../elastic/search-pages.ts';
import { refresh } from '../elastic/whole.ts';
import { type Claim, type Joined, joinClaims } from '../matcher/claims.ts';
import { incidentIdOf } from '../matcher/incident.ts';
import { SinkError } from '../model/errors.ts';
import { UNDATED } from '../model/incident.ts';
import type { IncidentKey } from './matches.ts';

/** What claims make of some incidents. */
export interface SettledClaims {
  /** Those to settle, with the ones whose evidence moved or may have. */
  readonly affected: ReadonlyMap<string, IncidentKey>;
  /** Addresses of which the evidence counts in a host's incident, by the id of their own. */
  readonly joined: ReadonlyMap<string, Joined>;
}

const INDEX = `${MATCHES}-*`;
/** Buckets of one answer. */
const PAGE = 10_000;
/** Other workers may be at the same match documents: then it is looked anew what they say. */
const ATTEMPTS = 10;

/**
 * Gives the match documents of each address that exactly one host name claims on a day the incident of that host, and
 * those of an address that several claim its own. The match documents must have been refreshed; they are again where
 * some changed.
 *
 * @throws SinkError where Elasticsearch refuses, or others keep changing them.
 */
export async function settleClaims(client: Client, affected: ReadonlyMap<string, IncidentKey>): Promise<SettledClaims> {
  const days = [...new Set([...affected.values()].map(({ day }) => day))].filter((day) => day !== UNDATED);
  const all = new Map(affected);
  if (days.length === 0) return { affected: all, joined: new Map() };
  try {
    for (let attempt = 1; ; attempt += 1) {
      const claimed = [...joinClaims(await readClaims(client, days)).values()].filter(
        ({ own, hosts, claim: { day } }) =>
          affected.has(own) || hosts.some((host) => affected.has(incidentIdOf(host, day))),
      );
      for (const { own, address, hosts, claim } of claimed) {
        all.set(own, { entity: address, day: claim.day });
        for (const host of hosts) all.set(incidentIdOf(host, claim.day), { entity: host, day: claim.day });
      }
      const moves = await moveMatches(client, claimed);
      if (moves.moved + moves.conflicts > 0) await refresh(client, INDEX);
      if (moves.conflicts === 0) {
        const joined = claimed.filter(({ own, into }) => into !== own).map((one) => [one.own, one] as const);
        return { affected: all, joined: new Map(joined) };
      }
      if (attempt === ATTEMPTS) {
        throw new SinkError(`Others keep changing ${moves.conflicts} match documents; the pass is repeated.`, {
          code: 'claim_conflict',
          retryable: true,
        });
      }
    }
  } catch (error) {
    throw sinkError('Joining the evidence on addresses to their hosts', error);
  }
}

async function readClaims(client: Client, days: readonly string[]): Promise<Claim[]> {
  const claims: Claim[] = [];
  const filter = [{ terms: { 'minecanary.day': [...days] } }, { exists: { field: 'minecanary.claims' } }];
  const keys = {
    scope: 'minecanary.scope',
    day: 'minecanary.day',
    address: 'minecanary.claims',
    host: 'minecanary.entity.name',
  };
  for await (const { key } of compositeBuckets(client, {
    index: INDEX,
    query: { bool: { filter } },
    keys,
    size: PAGE,
  })) {
    const text = (name: keyof typeof keys): string => String(key[name]);
    claims.push({ scope: text('scope'), day: text('day'), address: text('address'), host: text('host') });
  }
  return claims;
}

interface Moves {
  /** Match documents that were given another incident. */
  readonly moved: number;
  /** Those that somebody changed in between. */
  readonly conflicts: number;
}

async function moveMatches(client: Client, claimed: readonly Joined[]): Promise<Moves> {
  if (claimed.length === 0) return { moved: 0, conflicts: 0 };
  const into = new Map(claimed.map((one) => [one.own, one.into]));
  const filter = [
    { terms: { 'minecanary.entity.id': [...new Set(claimed.map(({ address }) => address))] } },
    { terms: { 'minecanary.day': [...new Set(claimed.map(({ claim }) => claim.day))] } },
  ];
  const keys = { entity: 'minecanary.entity.id', day: 'minecanary.day', incident: 'minecanary.incident.id' };
  const wrong: IncidentKey[] = [];
  for await (const { key } of compositeBuckets(client, {
    index: INDEX,
    query: { bool: { filter } },
    keys,
    size: PAGE,
  })) {
    const [entity, day] = [String(key['entity']), String(key['day'])];
    const right = into.get(incidentIdOf(entity, day));
    if (right !== undefined && right !== key['incident']) wrong.push({ entity, day });
  }
  let [moved, conflicts] = [0, 0];
  for (const one of wrong) {
    const moves = await moveTo(client, one, into.get(incidentIdOf(one.entity, one.day)) ?? '');
    moved += moves.moved;
    conflicts += moves.conflicts;
  }
  return { moved, conflicts };
}

async function moveTo(client: Client, { entity, day }: IncidentKey, incident: string): Promise<Moves> {
  const filter = [{ term: { 'minecanary.entity.id': entity } }, { term: { 'minecanary.day': day } }];
  const query = { bool: { filter, must_not: [{ term: { 'minecanary.incident.id': incident } }] } };
  let [moved, conflicts] = [0, 0];
  for await (const page of searchPages(client, { index: INDEX, query, _source: false, seq_no_primary_term: true })) {
    const outcomes = await bulk(
      client,
      page.map(({ _index, _id = '', _seq_no: if_seq_no = -1, _primary_term: if_primary_term = -1 }) => ({
        action: { update: { _index, _id, if_seq_no, if_primary_term } },
        body: { doc: { minecanary: { incident: { id: incident } } } },
      })),
    );
    for (const outcome of outcomes) {
      if ('seqNo' in outcome) moved += 1;
      else if (outcome.result === 'conflict') conflicts += 1;
      else
        throw new SinkError(`A match document could not be given the incident ${incident}: ${outcome.reason}.`, {
          code: 'claim_refused',
          retryable: outcome.result !== 'permanent',
        });
    }
  }
  return { moved, conflicts };
}
