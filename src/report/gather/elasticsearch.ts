import type { Client, estypes } from '@elastic/elasticsearch';
import type { Config } from '../../config/config.ts';
import { sourceError } from '../../elastic/errors.ts';
import { ALERTS, INCIDENTS, MATCHES } from '../../elastic/names.ts';
import { searchPages } from '../../elastic/search-pages.ts';
import { whole } from '../../elastic/whole.ts';
import type { Tables } from '../../lookups/compile.ts';
import { SourceError } from '../../model/errors.ts';
import { type Incident, UNDATED } from '../../model/incident.ts';
import { SEVERITIES } from '../../model/severity.ts';
import { isoTime } from '../../model/time.ts';
import type { IncidentDocument } from '../../sinks/incident-document.ts';
import type { TimeRange } from '../../sources/source.ts';
import { decidedBy } from '../../worker/pass.ts';
import type { DigestCount, Facts, WorkerCoverage } from '../facts.ts';
import { NO_TIMELINE, reported } from '../incident.ts';
import { readStatus } from '../status/read.ts';
import { statusReport } from '../status/report.ts';
import { type BySeverity, createTotals, none } from '../totals.ts';
import { createMostSevere } from './most-severe.ts';
import { readTimelines } from './timelines.ts';

export interface ElasticsearchQuestion {
  readonly client: Client;
  readonly config: Config;
  /** The lookups in use. */
  readonly tables: Tables;
  /** All days that it touches are reported. */
  readonly range: TimeRange;
  /** The only scope that is reported; all, where there is none. */
  readonly scope: string | undefined;
  /** Incidents that are told one by one. */
  readonly most: number;
  /** Milliseconds: what is older is a gap. */
  readonly maxAge: number;
  readonly progress: (incidents: number) => void;
}

const MOST_FAILURES = 20;
const MOST_DIGESTS = 10;
/** Of an incident's document. */
const STORED = ['minecanary', 'event.start', 'event.end'];
const NOT_LOOKED =
  'They are not looked for in Elasticsearch: that would take reading the events again. `minecanary explain` tells ' +
  'those of one event, and a report of a scan (`minecanary report --scan FILE`) those of a sample.';

/**
 * What minecanary's own indices tell of some days: incidents, matches, alerts and the ledger. Changes nothing, and
 * reads no events.
 *
 * @throws SourceError where Elasticsearch can't be asked, or minecanary is not set up on it (`not_set_up`).
 */
export async function gatherFromElasticsearch(question: ElasticsearchQuestion): Promise<Facts> {
  const { client, range, scope } = question;
  const days = { from: isoTime(range.from).slice(0, 10), to: isoTime(range.to - 1).slice(0, 10) };
  const coverage = await readCoverage(question);
  try {
    const { totals, listed } = await readIncidents(question, days);
    const timelines = await readTimelines(
      client,
      listed.filter(({ events }) => events > 0).map(({ id }) => id),
    );
    return {
      ...(scope === undefined ? {} : { scope }),
      range: days,
      totals,
      incidents: listed.map((one) => ({ ...one, timeline: timelines.get(one.id) ?? NO_TIMELINE })),
      alerts: await readAlerts(client, ofDays(days, question, 'event.ingested')),
      coverage,
      nearMisses: { looked: false, why: NOT_LOOKED },
      digests: await readDigests(client, ofDays(days, question, 'event.ingested')),
    };
  } catch (error) {
    throw sourceError('Reading incidents for the report', error);
  }
}

async function readCoverage({ client, config, tables, maxAge }: ElasticsearchQuestion): Promise<WorkerCoverage> {
  // Without sources, their indices are not asked about.
  const facts = await readStatus({ client, config: { ...config, sources: [] }, tables, most: MOST_FAILURES });
  if (facts === undefined) {
    throw new SourceError(
      'minecanary is not set up on this Elasticsearch, so that there is nothing to report. Run `minecanary run ' +
        '--setup` first, or report a scan of a file: `minecanary report --scan FILE`.',
      { code: 'not_set_up' },
    );
  }
  const digests = { lookups: tables.digest, decidedBy: decidedBy(tables) };
  return { of: 'worker', status: statusReport(facts, { config, digests, maxAge }) };
}

type Days = { readonly from: string; readonly to: string };
type Query = NonNullable<estypes.SearchRequest['query']>;

/** What is of these days, and of the scope. What has no day counts by when it was written. */
function ofDays(
  { from, to }: Days,
  { range, scope }: Pick<ElasticsearchQuestion, 'range' | 'scope'>,
  written: string,
): Query {
  const undated: Query = {
    bool: {
      filter: [
        { term: { 'minecanary.day': UNDATED } },
        { range: { [written]: { gte: isoTime(range.from), lt: isoTime(range.to) } } },
      ],
    },
  };
  const dated: Query = { range: { 'minecanary.day': { gte: from, lte: to } } };
  const filter = scope === undefined ? [] : [{ term: { 'minecanary.scope': scope } }];
  return { bool: { filter, should: [dated, undated], minimum_should_match: 1 } };
}

async function readIncidents(question: ElasticsearchQuestion, days: Days) {
  const { client, most, progress } = question;
  const totals = createTotals();
  const listed = createMostSevere(most);
  let read = 0;
  const query = ofDays(days, question, 'minecanary.updated');
  for await (const page of searchPages<IncidentDocument>(client, {
    index: INCIDENTS,
    query,
    _source: STORED,
  })) {
    for (const { _source: document } of page) {
      if (document === undefined) continue;
      const incident = incidentIn(document);
      totals.add(incident);
      if (incident.joined === undefined && incident.excepted === undefined) listed.add(reported(incident, NO_TIMELINE));
    }
    read += page.length;
    progress(read);
  }
  return { totals: totals.totals(), listed: listed.list() };
}

/** The incident that a document was written of. */
function incidentIn({ minecanary, event }: IncidentDocument): Incident {
  const { incident, ...rest } = minecanary as unknown as Omit<Incident, 'id' | 'previous'> & {
    readonly incident: Pick<Incident, 'id' | 'previous'>;
  };
  const { start, end } = (event ?? {}) as { readonly start?: string; readonly end?: string };
  return {
    ...rest,
    ...incident,
    ...(start === undefined ? {} : { first: start }),
    ...(end === undefined ? {} : { last: end }),
  };
}

type Terms = { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] } | undefined;

async function countBy(client: Client, index: string, query: Query, field: string, size: number) {
  const answer = await client.search({
    index,
    query,
    size: 0,
    track_total_hits: false,
    ignore_unavailable: true,
    allow_partial_search_results: false,
    aggs: { values: { terms: { field, size } } },
  });
  // Without any index there is no aggregation.
  return (whole(answer).aggregations?.['values'] as Terms)?.buckets ?? [];
}

async function readAlerts(client: Client, query: Query): Promise<BySeverity> {
  const counts = none();
  for (const { key, doc_count: alerts } of await countBy(
    client,
    `${ALERTS}-*`,
    query,
    'minecanary.severity',
    SEVERITIES.length,
  )) {
    const severity = SEVERITIES.find((one) => one === key);
    if (severity !== undefined) counts[severity] += alerts;
  }
  return counts;
}

async function readDigests(client: Client, query: Query): Promise<DigestCount[]> {
  const buckets = await countBy(client, `${MATCHES}-*`, query, 'minecanary.lookups', MOST_DIGESTS);
  return buckets.map(({ key: digest, doc_count: events }) => ({ digest, events }));
}
