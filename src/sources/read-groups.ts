import type { Query } from '../convert/candidates.ts';
import { backOff, isTooMuch } from '../elastic/too-much.ts';
import { ahead } from './ahead.ts';
import type { Group } from './groups.ts';
import { halvesOf } from './halves.ts';
import type { Candidate, Window } from './source.ts';

/** Groups that are narrowed down at once. */
const AT_ONCE = 4;
/** A window is halved at most so often, one half of a half after the other. */
const DEEPEST = 12;

export interface GroupReader {
  /** The query for the candidates of a window. */
  readonly queryOf: (group: Group, window: Window) => Promise<Query>;
  readonly pages: (group: Group, query: Query) => AsyncIterable<readonly Candidate[]>;
}

/** A query, or why there is none. */
type Narrowed = { readonly query: Query } | { readonly error: unknown };

/**
 * Reads the candidates of a window, group after group. A window that is too much for the server is read in halves of
 * halves, after a pause: it is never left out.
 */
export async function* readGroups(
  groups: readonly Group[],
  window: Window,
  reader: GroupReader,
): AsyncGenerator<readonly Candidate[]> {
  const work = (group: Group): Promise<Narrowed> => narrowed(group, window, reader);
  for await (const [group, found] of ahead(groups, AT_ONCE, work)) yield* readGroup(group, window, found, reader, 0);
}

async function narrowed(group: Group, window: Window, { queryOf }: GroupReader): Promise<Narrowed> {
  try {
    return { query: await queryOf(group, window) };
  } catch (error) {
    return { error };
  }
}

async function* readGroup(
  group: Group,
  window: Window,
  found: Narrowed,
  reader: GroupReader,
  depth: number,
): AsyncGenerator<readonly Candidate[]> {
  let begun = false;
  try {
    if ('error' in found) throw found.error;
    for await (const page of reader.pages(group, found.query)) {
      begun = true;
      yield page;
    }
  } catch (error) {
    const halves = halvesOf(window);
    // What was handed over already would be handed over again.
    if (begun || halves === undefined || depth === DEEPEST || !isTooMuch(error)) throw error;
    await backOff(depth);
    for (const half of halves) {
      yield* readGroup(group, half, await narrowed(group, half, reader), reader, depth + 1);
    }
  }
}
