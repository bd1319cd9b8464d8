import type { Client } from '@elastic/elasticsearch';
import { reasonOf, refusalOfError, sourceError } from '../../elastic/errors.ts';
import { isOwn, OWN_PREFIXES } from '../../elastic/names.ts';
import { DEFAULT_POLICY } from '../../model/policy.ts';
import { findGroups, type Group } from '../../sources/groups.ts';
import { type Family, familiesOf, sourceNames } from './families.ts';
import { guessKind } from './kind.ts';

/** A data set that events name, or an index where they name none. */
export interface DataSet {
  readonly name: string;
  readonly documents: number;
  /** A guess at what it tells of: `firewall`. */
  readonly kind?: string;
}

/** What may become a source. */
export interface FoundSource {
  readonly name: string;
  readonly index: string;
  /** The field that holds the time of events, where it is not the usual one. */
  readonly timestamp?: string;
  readonly documents: number;
  /** Catalogue fields it has. */
  readonly fields: number;
  /** The largest first. */
  readonly datasets: readonly DataSet[];
}

export interface Discovery {
  readonly sources: readonly FoundSource[];
  readonly left_out: readonly { readonly index: string; readonly why: string }[];
}

/** Sources of a configuration; what is more is left out, and told of. */
const MOST_SOURCES = 50;
const MOST_DATASETS = 50;
const NO_EVENTS = /^(metrics|traces|synthetics|profiling|apm|metricbeat)-\*$/;

/**
 * Looks at what lies in Elasticsearch, and what of it could match. Reads mappings, and a count by data set.
 *
 * @param progress told what is looked at.
 * @throws SourceError where Elasticsearch can't be asked.
 */
export async function discover(client: Client, progress: (what: string) => void): Promise<Discovery> {
  const families = familiesOf(await namesIn(client));
  const found: Omit<FoundSource, 'name'>[] = [];
  const left: { index: string; why: string }[] = [];
  for (const family of families) {
    progress(family.pattern);
    const outcome = found.length < MOST_SOURCES ? await look(client, family) : 'there are too many sources before it';
    if (typeof outcome === 'string') left.push({ index: family.pattern, why: outcome });
    else if (outcome !== undefined) found.push(outcome);
  }
  const names = sourceNames(found.map(({ index }) => index));
  return { sources: found.map((one, i) => ({ name: names[i] ?? '', ...one })), left_out: left };
}

async function namesIn(client: Client): Promise<string[]> {
  try {
    const { indices, data_streams: streams } = await client.indices.resolveIndex({
      name: '*',
      expand_wildcards: ['open'],
    });
    const own = indices.filter((index) => index.data_stream === undefined);
    return [...own, ...streams].map(({ name }) => name).filter((name) => !name.startsWith('.') && !isOwn(name));
  } catch (error) {
    throw sourceError('Asking which indices are there', error);
  }
}

/** What a family could be as a source, or why it is none; undefined where all of it is our own. */
async function look(
  client: Client,
  { pattern, names }: Family,
): Promise<Omit<FoundSource, 'name'> | string | undefined> {
  if (NO_EVENTS.test(pattern)) return 'measurements and traces, no events';
  try {
    const groups = await findGroups(client, [pattern], DEFAULT_POLICY);
    if (groups.length === 0) return undefined;
    const fields = [...new Set(groups.flatMap((group) => group.fields.map(({ path }) => path)))];
    if (fields.length === 0) return 'none of its fields can match; with `fields` its own can be named';
    const timestamp = await timestampOf(client, pattern, groups);
    const { documents, datasets } = await readDatasets(client, pattern);
    const kinds = datasets.map((one) => withKind(one, []));
    const [first = pattern] = names;
    const whole = withKind({ name: names.length === 1 ? first : pattern, documents }, fields);
    return {
      index: pattern,
      ...(timestamp === undefined ? {} : { timestamp }),
      documents,
      fields: fields.length,
      datasets: kinds.length > 0 ? kinds : [whole],
    };
  } catch (error) {
    if (refusalOfError(error) === 'retryable') throw error;
    return `it can't be looked at: ${reasonOf(error)}`;
  }
}

function withKind({ name, documents }: DataSet, fields: readonly string[]): DataSet {
  const kind = guessKind(name, fields);
  return { name, documents, ...(kind === undefined ? {} : { kind }) };
}

/** Names that fields of the time of an event have, the likeliest first. */
const TIMES = ['timestamp', 'event.created', 'time', 'ts', 'event_time', 'eventTime', 'date', 'datetime', 'created_at'];

/** The field that holds the time, where no index has the usual one. */
async function timestampOf(client: Client, index: string, groups: readonly Group[]): Promise<string | undefined> {
  if (groups.some(({ timestamp }) => timestamp)) return undefined;
  const { fields } = await client.fieldCaps({ index, fields: '*', types: ['date', 'date_nanos'] });
  const dates = Object.keys(fields);
  return TIMES.find((name) => dates.includes(name)) ?? (dates.length === 1 ? dates[0] : undefined);
}

interface Buckets {
  readonly buckets: readonly { readonly key: string; readonly doc_count: number }[];
}

const DATASET_FIELDS = ['event.dataset', 'data_stream.dataset', 'event.module'].flatMap((name) => [
  name,
  `${name}.keyword`,
]);

/** The data sets that events name, by whichever of the fields names most of them. */
async function readDatasets(client: Client, pattern: string): Promise<{ documents: number; datasets: DataSet[] }> {
  const index = pattern.endsWith('*') ? [pattern, ...OWN_PREFIXES.map((prefix) => `-${prefix}*`)] : [pattern];
  const { fields } = await client.fieldCaps({ index, fields: DATASET_FIELDS });
  // A text can't be counted by; where it is one in some indices only, those are left out.
  const countable = DATASET_FIELDS.filter((name) => Object.values(fields[name] ?? {}).some((one) => one.aggregatable));
  let best: DataSet[] = [];
  for (const field of countable) {
    const { aggregations } = await client.search({
      index,
      size: 0,
      track_total_hits: false,
      ignore_unavailable: true,
      aggs: { datasets: { terms: { field, size: MOST_DATASETS } } },
    });
    const { buckets } = (aggregations?.['datasets'] ?? { buckets: [] }) as Buckets;
    const named = buckets.map(({ key, doc_count: count }) => ({ name: key, documents: count }));
    if (sumOf(named) > sumOf(best)) best = named;
  }
  const { count: documents } = await client.count({ index, ignore_unavailable: true });
  return { documents, datasets: best };
}

function sumOf(datasets: readonly DataSet[]): number {
  return datasets.reduce((sum, { documents }) => sum + documents, 0);
}
