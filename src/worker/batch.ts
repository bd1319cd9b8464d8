import type { Client } from '@elastic/elasticsearch';
import type { Matcher } from '../matcher/match.ts';
import type { Severity } from '../model/match.ts';
import type { Place } from '../model/place.ts';
import { raiseAlerts } from '../sinks/alerts.ts';
import { settleIncidents } from '../sinks/incidents.ts';
import type { Failure, Matched, WriteContext } from '../sinks/matched.ts';
import { writeMatches } from '../sinks/matches.ts';
import type { PlainIndices } from '../sinks/plain-index.ts';
import { writeTags } from '../sinks/tags.ts';
import type { Candidate } from '../sources/source.ts';
import type { Counts } from './outcome.ts';

/** The writes of a batch, in their order. */
export type Step = 'matches' | 'incidents' | 'alerts' | 'tags' | 'checkpoint';

/** Called before each write; it may throw, and nothing more is written. */
export type BeforeWrite = (step: Step) => void | Promise<void>;

export interface BatchOptions {
  readonly client: Client;
  readonly indices: PlainIndices;
  readonly matcher: Matcher;
  readonly context: WriteContext;
  readonly tag: { readonly enabled: boolean; readonly minScore: number };
  readonly alerts: { readonly minSeverity: Severity; readonly remind: number };
  readonly beforeWrite: BeforeWrite;
  /** Reads documents as they are now; those that are gone are left out. */
  readonly reread: (places: readonly Place[]) => Promise<readonly Candidate[]>;
}

export interface BatchOutcome {
  readonly counts: Pick<Counts, 'tagged' | 'unchanged' | 'incidents' | 'alerts'>;
  readonly failures: readonly Failure[];
  readonly refused: readonly Failure[];
}

/** An event that changes under the worker more often than this is left to the next pass. */
const ATTEMPTS = 5;

/**
 * Writes what a batch of matched events amounts to: match documents, incidents, alerts, tags, in this order, so that a
 * worker that is stopped in between leaves nothing a repetition doesn't mend.
 */
export async function writeBatch(options: BatchOptions, batch: readonly Matched[]): Promise<BatchOutcome> {
  const { client, indices, matcher, context, alerts, beforeWrite } = options;
  const counts = { tagged: 0, unchanged: 0, incidents: 0, alerts: 0 };
  const failures: Failure[] = [];
  const refused: Failure[] = [];
  let waiting = batch;
  for (let attempt = 1; waiting.length > 0; attempt += 1) {
    if (attempt > ATTEMPTS) {
      const reason = 'tag: the event kept changing while it was tagged';
      failures.push(...waiting.map(({ place: { index, id } }) => ({ index, id, reason, retryable: true })));
      break;
    }
    await beforeWrite('matches');
    const matches = await writeMatches(client, indices, waiting, context);
    failures.push(...matches.failures);
    await beforeWrite('incidents');
    const now = context.lifetime.now;
    const settled = await settleIncidents(client, matches.incidents, { version: context.version, now });
    counts.incidents += settled.filter(({ written }) => written).length;
    await beforeWrite('alerts');
    counts.alerts += await raiseAlerts(client, indices, settled, { version: context.version, now, ...alerts });
    if (!options.tag.enabled) break;
    await beforeWrite('tags');
    const lost = new Set(matches.failures.map(({ index, id }) => `${index}/${id}`));
    const due = waiting.filter(
      ({ evidence, place }) => evidence.score >= options.tag.minScore && !lost.has(`${place.index}/${place.id}`),
    );
    const tags = await writeTags(client, due, context);
    counts.tagged += tags.tagged;
    counts.unchanged += tags.unchanged;
    failures.push(...tags.failures);
    refused.push(...tags.refused);
    waiting =
      tags.changed.length === 0 ? [] : matchAll(matcher, await options.reread(tags.changed.map(({ place }) => place)));
  }
  return { counts, failures, refused };
}

/** The candidates that match, with their evidence. */
export function matchAll(matcher: Matcher, candidates: readonly Candidate[]): Matched[] {
  return candidates.flatMap(({ event, time, place }) => {
    const evidence = matcher.match(event, time);
    return evidence === undefined ? [] : [{ event, place, evidence }];
  });
}
