import type { Client } from '@elastic/elasticsearch';
import type { Config, SourceConfig } from '../../config/config.ts';
import type { DateField } from '../../elastic/clock.ts';
import type { Tables } from '../../lookups/compile.ts';
import { formatDuration } from '../../model/duration.ts';
import { MinecanaryError } from '../../model/errors.ts';
import { DAY_MS } from '../../model/time.ts';
import type { ElasticsearchSource, FieldPlan } from '../../sources/elasticsearch.ts';
import type { Group } from '../../sources/groups.ts';
import { openSource } from '../../worker/open.ts';
import { type Note, planFields } from '../fields.ts';
import { type Area, areaOf, type Check } from './check.ts';
import { readTimes } from './times.ts';

export interface SourceChecks {
  readonly name: string;
  readonly checks: readonly Check[];
  /** Catalogue fields it has, each with how it is read. */
  readonly fields: readonly FieldPlan[];
  /** A date that it has. */
  readonly date?: DateField;
}

export interface SourceQuestion {
  readonly client: Client;
  readonly config: Config;
  readonly tables: Tables;
}

/** What is there of a source, how it would be read, and what of it could not be tagged. */
export async function checkSource(question: SourceQuestion, settings: SourceConfig): Promise<SourceChecks> {
  const { name, index } = settings;
  const area = areaOf(`source ${name}`);
  let source: ElasticsearchSource;
  try {
    ({ source } = await openSource(question, settings));
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    return { name, fields: [], checks: [area.failedBy(error)] };
  }
  const { groups } = source;
  if (groups.length === 0) {
    const what = `no open index fits ${index.join(', ')}`;
    return {
      name,
      fields: [],
      checks: [area.warning(what, 'Correct `sources[].index`, or wait for the first event.')],
    };
  }
  const fields = source.plan();
  const dated = groups.find(({ timestamp }) => timestamp);
  const [first] = dated?.indices ?? [];
  const { client, config } = question;
  return {
    name,
    fields,
    checks: [
      area.ok(`${indicesOf(groups).length} indices, in ${groups.length} groups of equal mappings`),
      ...fieldChecks(area, fields),
      ...tagChecks(area, groups, settings.tag),
      ...(settings.tag ? await mappingChecks(area, client, index) : []),
      ...arrivalChecks(area, groups, config.horizon),
      ...(await timeChecks(area, question, settings, groups)),
    ],
    ...(first === undefined ? {} : { date: { index: first.name, field: settings.timestamp } }),
  };
}

function indicesOf(groups: readonly Group[]): Group['indices'][number][] {
  return groups.flatMap(({ indices }) => indices);
}

const WAYS: Readonly<Record<FieldPlan['strategy'], string>> = {
  terms: 'asked for the values of the lookups',
  phrase: 'asked for the phrases of the lookups',
  sweep: 'distinct values are matched here',
  exists: 'each event that has it is read',
  scan: 'every event is read',
};

function fieldChecks(area: Area, fields: readonly FieldPlan[]): Check[] {
  const names = new Set(fields.map(({ field }) => field));
  if (names.size === 0) {
    return [
      area.warning(
        'none of its fields can match',
        'Name its own fields under `sources[].fields`: docs/FIELDS.md lists what they may stand for.',
      ),
    ];
  }
  const details = Object.entries(WAYS).flatMap(([strategy, way]) => {
    const own = new Set(fields.filter((one) => one.strategy === strategy).map(({ field }) => field));
    return own.size === 0 ? [] : [`${way}: ${[...own].sort().join(', ')}`];
  });
  const checks = [area.ok(`${names.size} fields of the catalogue`, details)];
  const scanned = fields.filter(({ strategy }) => strategy === 'scan');
  if (scanned.length === 0) return checks;
  const indices = Math.max(...scanned.map((one) => one.indices));
  return [
    ...checks,
    area.warning(
      `in up to ${indices} of its indices, fields can't be asked for, so that every event is read`,
      'Map these fields with an index, and objects that hold them as objects; where events are few it does no harm.',
    ),
  ];
}

function tagChecks(area: Area, groups: readonly Group[], tag: boolean): Check[] {
  if (!tag) return [area.ok('its events are not tagged, as `sources[].tag` says')];
  const byReason = new Map<string, string[]>();
  for (const { name, untaggable } of indicesOf(groups)) {
    if (untaggable !== undefined) byReason.set(untaggable, [...(byReason.get(untaggable) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) =>
    area.warning(
      `events of ${names.length} indices can't be tagged: ${reason}`,
      'Matches, incidents and alerts are written all the same; an ingest pipeline tags new ones (docs/PIPELINES.md).',
      some(names),
    ),
  );
}

const EXAMPLES = 5;
const TAGLESS =
  'Change the mapping with a reindex, or leave it: matches, incidents and alerts are written all the same.';

function some(names: readonly string[]): string[] {
  const more = names.length > EXAMPLES ? [`and ${names.length - EXAMPLES} more`] : [];
  return [...names.slice(0, EXAMPLES), ...more];
}

async function mappingChecks(area: Area, client: Client, index: readonly string[]): Promise<Check[]> {
  const notes: Note[] = [];
  const changes = await planFields(client, index, notes);
  // Indices that are never tagged are told of elsewhere.
  const told = notes.filter(({ note }) => !note.startsWith('its events are not tagged'));
  const checks = told.map((one) => area.warning(`${one.index}: ${one.note}`, TAGLESS));
  if (changes.length > 0) {
    const what = `${changes.length} indices lack fields of the tag`;
    return [
      area.warning(what, 'Run `minecanary setup`, which would:', some(changes.map((one) => one.what))),
      ...checks,
    ];
  }
  return told.length > 0 ? checks : [area.ok('the fields of the tag are mapped')];
}

function arrivalChecks(area: Area, groups: readonly Group[], horizon: number): Check[] {
  const without = indicesOf(groups.filter(({ ingested }) => !ingested));
  if (without.length === 0) return [area.ok('event.ingested tells when events arrived')];
  return [
    area.warning(
      `${without.length} of ${indicesOf(groups).length} indices have no event.ingested: what comes more than ` +
        `${formatDuration(horizon)} late is not found by itself`,
      'Let an ingest pipeline set event.ingested, or run `minecanary run --from --to` after a backfill.',
      some(without.map(({ name }) => name)),
    ),
  ];
}

async function timeChecks(
  area: Area,
  { client, config }: SourceQuestion,
  { timestamp, query }: SourceConfig,
  groups: readonly Group[],
): Promise<Check[]> {
  const undated = indicesOf(groups.filter((group) => !group.timestamp));
  const checks: Check[] = [];
  if (undated.length > 0) {
    checks.push(
      area.warning(
        `${undated.length} indices map ${timestamp} as no date: their events count as undated, and no range finds them`,
        'Name the field that is one as `sources[].timestamp`.',
        some(undated.map(({ name }) => name)),
      ),
    );
  }
  const dated = groups.filter((group) => group.timestamp);
  if (dated.length === 0) return checks;
  const limits = { future: DAY_MS, past: config.retention };
  const { all, missing, future, old } = await readTimes(client, dated, { timestamp, limits, ...(query && { query }) });
  if (missing + future > 0) {
    checks.push(
      area.warning(
        `of ${all} events, ${missing} have no ${timestamp} and ${future} one more than a day ahead: they count as undated`,
        'Look at the clocks and date formats of what sends them.',
      ),
    );
  } else checks.push(area.ok(`${all} events, each with a time that can be`));
  if (old > 0) {
    const what = `${old} events are older than the retention of ${formatDuration(config.retention)} and count as undated`;
    checks.push(area.warning(what, 'Raise `retention`, or leave them out by `sources[].query`.'));
  }
  return checks;
}
