import type { Client } from '@elastic/elasticsearch';
import { MATCHES } from '../elastic/names.ts';
import { CHAIN_DAYS } from '../matcher/due.ts';
import { incidentIdOf } from '../matcher/incident.ts';
import { UNDATED } from '../model/incident.ts';
import { shiftDay } from '../model/time.ts';
import type { IncidentKey } from './matches.ts';
import { readDays } from './tally.ts';

/** How the incidents of an entity follow one another. */
export interface Chain {
  /** Incident -> the entity's incident before it. */
  readonly previous: ReadonlyMap<string, string>;
  /** Incidents that follow an affected one, whose `previous` may have changed. */
  readonly later: readonly string[];
}

export async function readChain(client: Client, affected: ReadonlyMap<string, IncidentKey>): Promise<Chain> {
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
