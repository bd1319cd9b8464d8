import type { Client } from '@elastic/elasticsearch';
import { MATCHES } from '../elastic/names.ts';
import { searchPages } from '../elastic/search-pages.ts';
import type { Exceptions } from '../lookups/exceptions.ts';
import { createTally, type Tally } from '../matcher/tally.ts';
import type { Related } from './event-context.ts';
import { evidenceOf, type MatchDocument, type StoredMatch } from './match-document.ts';

/** What is left of match documents of which exceptions take something away. */
export interface Remainder {
  /** Why what was taken away does not count. */
  readonly reasons: ReadonlySet<string>;
  /** What is left; without events where nothing is. */
  readonly tally: Tally;
  readonly related: Related;
  readonly categories: readonly string[];
}

/** Clauses for the match documents that have an indicator which is excepted; none where there is no such exception. */
export function exceptedClauses({ indicators }: Exceptions) {
  return indicators.map((value) => ({ term: { 'minecanary.indicator': { value, case_insensitive: true } } }));
}

/** Reads the match documents of incidents that have an excepted indicator, and adds up what else they have. */
export async function readRemainders(
  client: Client,
  incidents: readonly string[],
  exceptions: Exceptions,
): Promise<Map<string, Remainder>> {
  const should = exceptedClauses(exceptions);
  const found = new Map<string, ReturnType<typeof createRemainder>>();
  if (should.length === 0) return new Map();
  const query = {
    bool: { filter: [{ terms: { 'minecanary.incident.id': [...incidents] } }], should, minimum_should_match: 1 },
  };
  for await (const page of searchPages<MatchDocument>(client, { index: `${MATCHES}-*`, query })) {
    for (const { _source: document } of page) {
      if (document === undefined) continue;
      const { id } = document.minecanary.incident;
      const remainder = found.get(id) ?? createRemainder(document);
      found.set(id, remainder);
      remainder.add(document, (match) => exceptions.exceptedIndicator(match.indicator));
    }
  }
  return new Map([...found].map(([id, remainder]) => [id, remainder.finish()]));
}

function createRemainder({ minecanary: { scope, entity, day } }: MatchDocument) {
  const { id: _, ...bare } = entity;
  const tally = createTally({ scope, entity: bare, day });
  const reasons = new Set<string>();
  const lists = {
    ip: new Set<string>(),
    hosts: new Set<string>(),
    user: new Set<string>(),
    categories: new Set<string>(),
  };
  return {
    add(document: MatchDocument, why: (match: StoredMatch) => string | undefined): void {
      const kept = document.minecanary.matches.filter((match) => {
        const reason = why(match);
        if (reason !== undefined) reasons.add(reason);
        return reason === undefined;
      });
      if (kept.length === 0) return;
      tally.add(evidenceOf(document, kept));
      for (const name of ['ip', 'hosts', 'user'] as const)
        for (const one of document.related[name]) lists[name].add(one);
      for (const one of [document.event['category']].flat()) if (typeof one === 'string') lists.categories.add(one);
    },
    finish: (): Remainder => ({
      reasons,
      tally: tally.tally(),
      related: { ip: [...lists.ip], hosts: [...lists.hosts], user: [...lists.user] },
      categories: [...lists.categories],
    }),
  };
}
