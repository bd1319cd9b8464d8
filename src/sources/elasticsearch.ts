import type { Client } from '@elastic/elasticsearch';
import { chooseStrategy, type Query, type Strategy } from '../convert/candidates.ts';
import { sourceError } from '../elastic/errors.ts';
import { compile, type Tables } from '../lookups/compile.ts';
import { NOTHING_LEARNED } from '../lookups/learned.ts';
import { createSifter } from '../matcher/sift.ts';
import type { EventDocument } from '../model/event.ts';
import type { Place } from '../model/place.ts';
import type { Policy } from '../model/policy.ts';
import { count } from './count.ts';
import { askedPaths, findGroups, type Group, TAGGED_AT, TAGGED_UNDER } from './groups.ts';
import { narrow } from './narrow.ts';
import { readPages, rereadPlaces } from './pages.ts';
import { type GroupPlan, type NarrowBy, namesOf, planGroup, SMALL_SWEEP, SMALL_WINDOW } from './plan.ts';
import { readGroups } from './read-groups.ts';
import { type RangedWindow, sampleEvents } from './sample.ts';
import type { Candidate, ReadOptions, Source, Window } from './source.ts';
import { windowQuery } from './window.ts';

export interface ElasticsearchSourceOptions {
  readonly client: Client;
  readonly name: string;
  /** Index names and patterns. */
  readonly index: readonly string[];
  /** Narrows the source, as its configuration says. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly policy: Policy;
  readonly tables: Tables;
  /** Windows of fewer documents are read whole. */
  readonly smallWindow?: number;
  /** The distinct values of fewer documents are read from these. */
  readonly smallSweep?: number;
  /** Told how each group is about to be read. */
  readonly planned?: (plan: GroupPlan) => void;
}

export interface ElasticsearchSource extends Source {
  /** The groups of indices it reads, as they were when it was opened. */
  readonly groups: readonly Group[];
  /** How each field of each group would be read. */
  plan(): readonly FieldPlan[];
  /** Some events from here and there in a window, for estimates. */
  sample(window: RangedWindow, options?: ReadOptions): Promise<readonly EventDocument[]>;
  /** How each group of a window would be read, and what that would cost; only asks. */
  explain(window: Window): Promise<readonly GroupPlan[]>;
}

export interface FieldPlan {
  readonly indices: number;
  readonly field: string;
  readonly type: string;
  readonly strategy: Strategy;
}

/** Index names of one request, so that its line stays under Elasticsearch's 4 kB. */
const MOST_NAME_CHARACTERS = 3000;
/** Documents that are read again whole rather than asked for learned addresses. */
const SMALL_LOOK = 100;
const NO_LOOKUPS = compile([], '');

/**
 * Reads events from Elasticsearch, which narrows down the candidates field by field; the matcher decides.
 *
 * @throws SourceError where the indices can't be described, or a name without a wildcard does not exist.
 */
export async function openElasticsearchSource(options: ElasticsearchSourceOptions): Promise<ElasticsearchSource> {
  const { client, name, index, policy, tables, planned } = options;
  const { smallWindow = SMALL_WINDOW, smallSweep = SMALL_SWEEP } = options;
  const found = await findGroups(client, index, policy);
  const groups = found.flatMap(splitByNames);
  const ignorable = askedPaths(policy);
  const whole = createSifter(tables, policy);
  const narrowBy = ({ learned = NOTHING_LEARNED, learnedOnly = false }: ReadOptions): NarrowBy => {
    const sifter = learnedOnly ? createSifter(NO_LOOKUPS, policy) : whole;
    // A window that was read before is asked for a few addresses more.
    const small = learnedOnly ? Math.min(smallWindow, SMALL_LOOK) : smallWindow;
    return { sifter, learned, learnedOnly, smallWindow: small, smallSweep, ignorable };
  };

  const all = (window: Window, group: Group, { skipTaggedUnder }: ReadOptions = {}): Query => ({
    bool: {
      filter: [windowQuery(window, group, policy.timestamp), ...(options.query === undefined ? [] : [options.query])],
      ...(skipTaggedUnder !== undefined && group.tagged ? { must_not: [taggedByWorker(skipTaggedUnder)] } : {}),
    },
  });

  return {
    name,
    groups,
    plan: () => groups.flatMap(fieldPlans),
    explain: (window) =>
      orExplain(`Planning how to read ${name}`, () =>
        explainAll(client, groups, (group) => all(window, group), narrowBy({})),
      ),
    count: (window, readOptions) =>
      orExplain(`Counting the events of ${name}`, () =>
        countAll(client, groups, (group) => all(window, group, readOptions)),
      ),
    sample: (window, readOptions) =>
      orExplain(`Looking into ${name}`, () =>
        sampleEvents(client, groups, window, (part, group) => all(part, group, readOptions)),
      ),
    reread: (places) => rereadAll(client, groups, places, policy.timestamp),
    async *read(window, readOptions = {}): AsyncGenerator<readonly Candidate[]> {
      const by = narrowBy(readOptions);
      const queryOf = async (group: Group, part: Window): Promise<Query> => {
        const within = all(part, group, readOptions);
        if (readOptions.plan === 'full') return within;
        const plan = await planGroup(client, group, within, by);
        planned?.(plan);
        return narrow(client, plan, within, by);
      };
      try {
        yield* readGroups(groups, window, {
          queryOf,
          pages: (group, query) => readPages(client, group, query, policy.timestamp),
        });
      } catch (error) {
        throw sourceError(`Reading the events of ${name}`, error);
      }
    },
  };
}

function fieldPlans({ indices, fields, hidden }: Group): FieldPlan[] {
  return fields.map((facts) => ({
    indices: indices.length,
    field: facts.path,
    type: facts.type,
    strategy: hidden ? 'scan' : chooseStrategy(facts),
  }));
}

async function orExplain<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw sourceError(doing, error);
  }
}

type Within = (group: Group) => Query;

async function countAll(client: Client, groups: readonly Group[], within: Within): Promise<number> {
  let sum = 0;
  for (const group of groups) sum += await count(client, namesOf(group), within(group), true);
  return sum;
}

async function explainAll(
  client: Client,
  groups: readonly Group[],
  within: Within,
  by: NarrowBy,
): Promise<GroupPlan[]> {
  const plans: GroupPlan[] = [];
  for (const group of groups) {
    const plan = await planGroup(client, group, within(group), by);
    plans.push({ ...plan, documents: await count(client, namesOf(group), within(group), true) });
  }
  return plans;
}

/** What a scan tagged has no match document yet. */
function taggedByWorker(lookups: string): Query {
  return { bool: { filter: [{ term: { [TAGGED_UNDER]: lookups } }, { term: { [TAGGED_AT]: 'worker' } }] } };
}

async function rereadAll(
  client: Client,
  groups: readonly Group[],
  places: readonly Place[],
  timestamp: string,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  try {
    for (const group of groups) {
      const names = new Set(namesOf(group));
      const own = places.filter(({ index }) => names.has(index));
      if (own.length > 0) found.push(...(await rereadPlaces(client, group, own, timestamp)));
    }
    return found;
  } catch (error) {
    throw sourceError('Reading changed events again', error);
  }
}

function splitByNames(group: Group): Group[] {
  const parts: { indices: Group['indices'][number][]; characters: number }[] = [];
  for (const index of group.indices) {
    const last = parts.at(-1);
    if (last === undefined || last.characters + index.name.length > MOST_NAME_CHARACTERS) {
      parts.push({ indices: [index], characters: index.name.length });
    } else {
      last.indices.push(index);
      last.characters += index.name.length + 1;
    }
  }
  return parts.map(({ indices }) => ({ ...group, indices }));
}
