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

/**
 * Gives the match documents of each address that exactly one host name claims on a day the incident of that host, and
 * those of an address that several claim its own. The match documents must have been refreshed; they are again where
 * some changed.
 *
 * @throws SinkError where Elasticsearch refuses, or others change them at the same time.
 */
export async function settleClaims(client: Client, affected: ReadonlyMap<string, IncidentKey>): Promise<SettledClaims> {
  const days = [...new Set([...affected.values()].map(({ day }) => day))].filter((day) => day !== UNDATED);
  const all = new Map(affected);
  const joined = new Map<string, Joined>();
  if (days.length === 0) return { affected: all, joined };
  try {
    const claimed = [...joinClaims(await readClaims(client, days)).values()].filter(
      ({ own, hosts, claim: { day } }) =>
        affected.has(own) || hosts.some((host) => affected.has(incidentIdOf(host, day))),
    );
    for (const one of claimed) {
      const { own, into, address, hosts, claim } = one;
      if (into !== own) joined.set(own, one);
      all.set(own, { entity: address, day: claim.day });
      for (const host of hosts) all.set(incidentIdOf(host, claim.day), { entity: host, day: claim.day });
    }
    const moved = await moveMatches(client, claimed);
    if (moved > 0) await refresh(client, INDEX);
    return { affected: all, joined };
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

/** @returns number of match documents that were given another incident. */
async function moveMatches(client: Client, claimed: readonly Joined[]): Promise<number> {
  if (claimed.length === 0) return 0;
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
  let moved = 0;
  for (const one of wrong) moved += await moveTo(client, one, into.get(incidentIdOf(one.entity, one.day)) ?? '');
  return moved;
}

async function moveTo(client: Client, { entity, day }: IncidentKey, incident: string): Promise<number> {
  const filter = [{ term: { 'minecanary.entity.id': entity } }, { term: { 'minecanary.day': day } }];
  const query = { bool: { filter, must_not: [{ term: { 'minecanary.incident.id': incident } }] } };
  let moved = 0;
  for await (const page of searchPages(client, { index: INDEX, query, _source: false, seq_no_primary_term: true })) {
    const outcomes = await bulk(
      client,
      page.map(({ _index, _id = '', _seq_no: if_seq_no = -1, _primary_term: if_primary_term = -1 }) => ({
        action: { update: { _index, _id, if_seq_no, if_primary_term } },
        body: { doc: { minecanary: { incident: { id: incident } } } },
      })),
    );
    for (const outcome of outcomes) {
      if ('seqNo' in outcome) continue;
      throw new SinkError(`A match document could not be given the incident ${incident}: ${outcome.reason}.`, {
        code: 'claim_refused',
        retryable: outcome.result !== 'permanent',
      });
    }
    moved += page.length;
  }
  return moved;
}
