import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../config/config.ts';
import { createLearning, type LearnedTable, NOTHING_LEARNED } from '../lookups/learned.ts';
import type { Matcher } from '../matcher/match.ts';
import type { LearnedLesson } from '../model/learned.ts';
import { DAY_MS } from '../model/time.ts';
import { readLessons } from '../sinks/lessons.ts';
import type { Matched } from '../sinks/matched.ts';
import type { TimeRange } from '../sources/source.ts';

/** What a pass knows of learned addresses. It learns more as it goes on. */
export interface PassLearning {
  /** Decides by what is known when it is asked. */
  readonly matcher: Matcher;
  /** What is known. */
  known(): LearnedTable;
  /** Takes the lessons of events that matched; they are not known yet. */
  take(matched: readonly Matched[]): void;
  /**
   * Makes known what was taken. Gives the addresses by which events may match that were read before, undefined where
   * there are none.
   */
  settle(): LearnedTable | undefined;
}

export interface LearningOptions {
  readonly client: Client;
  readonly config: Pick<Config, 'learn'>;
  /** Knows the lookups alone. */
  readonly matcher: Matcher;
  /** The events that are gone over; milliseconds since 1970 UTC. */
  readonly range: TimeRange;
}

/**
 * Begins with the lessons in the match documents that events of the range may have followed, and of a day before it:
 * events come late. With `learn: false` it learns nothing.
 *
 * @throws SinkError where the match documents can't be read.
 */
export async function openLearning({ client, config, matcher, range }: LearningOptions): Promise<PassLearning> {
  if (!config.learn) return { matcher, known: () => NOTHING_LEARNED, take: () => undefined, settle: () => undefined };
  const learning = createLearning();
  for await (const lesson of readLessons(client, matcher.tables, range.from - DAY_MS)) learning.add(lesson);
  let known = learning.table();
  let taught = matcher.taught(known);
  let fresh = new Set<string>();
  return {
    matcher: { ...matcher, match: (event, time) => taught.match(event, time) },
    known: () => known,
    take(matched) {
      for (const { evidence, place } of matched) {
        if (evidence.lesson === undefined) continue;
        const lesson = { ...evidence.lesson, scope: evidence.scope, event: `${place.index}/${place.id}` };
        learning.add(lesson);
        for (const address of freshIn(lesson, known, range.to)) fresh.add(address);
      }
    },
    settle() {
      if (fresh.size === 0) return undefined;
      known = learning.table();
      taught = matcher.taught(known);
      const addresses = fresh;
      fresh = new Set();
      return { ...known, addresses };
    },
  };
}

/** Addresses of a lesson that are not known for somebody who asked, until it ends or `end`. */
function freshIn({ scope, askers, addresses, from, until }: LearnedLesson, known: LearnedTable, end: number): string[] {
  return addresses.filter((address) =>
    askers.some((asker) => {
      const before = known.find({ scope, askers: [asker], address, time: from });
      return before === undefined || before.from > from || before.until < Math.min(until, end);
    }),
  );
}
