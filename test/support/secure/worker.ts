/** Everything the worker does, as a user of the secure server. */
import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { VERSION } from '../../../src/config/version.ts';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../../../src/elastic/names.ts';
import { loadTables } from '../../../src/feeds/tables.ts';
import { DAY_MS, isoTime } from '../../../src/model/time.ts';
import { requireSetup } from '../../../src/setup/install.ts';
import { createRefresh } from '../../../src/setup/refresh.ts';
import { setup } from '../../../src/setup/setup.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import type { BeforeWrite } from '../../../src/worker/batch.ts';
import { dropMonths } from '../../../src/worker/retention.ts';
import { type RunOutcome, runOnce } from '../../../src/worker/run.ts';
import { tablesOf } from '../tables.ts';
import { isFilled, MISSING, spoilLookupIndices } from './lookup-indices.ts';
import { LOOKUPS } from './roles.ts';

/** Where the worker's events lie: one index it tags, one it only reads. */
export const EVENTS = 'events-a';
export const SILENT = 'silent-a';

const MONTH_AGO = 40;

export function configOf(sources: readonly object[]): Config {
  const text = JSON.stringify({ lag: '0s', lease: { ttl: '1s' }, sources, lookups: [LOOKUPS] });
  return loadConfig({ env: {}, file: 'test.json', read: () => ({ text, mode: 0o600 }) });
}

export const CONFIG = configOf([
  { name: 'events', index: 'events-*' },
  { name: 'silent', index: 'silent-*', tag: false },
]);

/** The passes that are due, by a worker of its own. */
export function runAs(client: Client, beforeWrite: BeforeWrite = () => undefined): Promise<RunOutcome> {
  return runOnce(
    {
      client,
      config: CONFIG,
      tables: tablesOf(),
      version: VERSION,
      owner: `worker-${performance.now()}`,
      log: createLog({ stream: { write: () => true }, json: true, level: 'error' }),
      signal: new AbortController().signal,
      progress: () => undefined,
      beforeWrite,
    },
    { plan: 'auto' },
  );
}

/** What came of the work. */
export interface Work {
  /** What could not be done, in its order. */
  readonly problems: readonly string[];
  readonly seen: number;
  readonly tagged: readonly string[];
  /** Match documents. */
  readonly matches: number;
  /** How many matches each incident counts, the fewest first. */
  readonly incidents: readonly number[];
  readonly alerts: number;
}

/** Two runs, between which others change events: everything that a worker does at least once. */
export async function workAs(client: Client, admin: Client): Promise<Work> {
  const problems: string[] = [];
  let seen = 0;
  const take = (outcome: RunOutcome): void => {
    const { errors, failures, refusals } = outcome;
    seen += outcome.seen;
    problems.push(...errors.map(({ message }) => message), ...[...failures, ...refusals].map(({ reason }) => reason));
  };
  let touched = false;
  const beforeWrite: BeforeWrite = async (step) => {
    if (step !== 'tags' || touched) return;
    touched = true;
    // Somebody changes an event after it was read.
    await admin.update({ index: EVENTS, id: 'a', doc: { note: 'seen' } });
  };
  try {
    await requireSetup(client);
    take(await runAs(client, beforeWrite));
    // One event's day changes, so that its match document moves to another month; and the next day of `a` comes.
    await admin.update({ index: EVENTS, id: 'b', doc: dated(MONTH_AGO) });
    await admin.create({ index: EVENTS, id: 'c', document: event('10.9.0.1', 0), refresh: true });
    take(await runAs(client));
    problems.push(...(await refreshAs(client, admin)), ...(await retainAs(client, admin)));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return { problems, seen, ...(await written(admin)) };
}

/** What a worker by schedule says where the lookups changed; it makes no index. */
async function refreshAs(client: Client, admin: Client): Promise<string[]> {
  const problems: string[] = [];
  await spoilLookupIndices(admin);
  const log = createLog({ stream: { write: (line) => problems.push(line) }, json: false, level: 'warn' });
  await createRefresh({ client, config: CONFIG, log })(await loadTables(CONFIG, isoTime(Date.now()).slice(0, 10)));
  if (await admin.indices.exists({ index: MISSING })) problems.push('an index is made');
  if (!(await isFilled(admin))) problems.push('the index of a lookup is old');
  return problems;
}

/** What a worker says, and leaves, where months are older than the retention. */
async function retainAs(client: Client, admin: Client): Promise<string[]> {
  const old = [`${MATCHES}-1980.05`, `${ALERTS}-1980.05`];
  for (const index of old) await admin.indices.create({ index });
  const documents = [
    [INCIDENTS, 'old', { minecanary: { day: '1980-05-31' } }],
    [UNITS, 'failure:old', { type: 'failure', updated: '1980-05-31T12:00:00.000Z' }],
  ] as const;
  for (const [index, id, document] of documents) await admin.index({ index, id, document, refresh: true });
  const problems: string[] = [];
  try {
    await dropMonths(client, Date.parse('1990-01-01T00:00:00.000Z'));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  for (const index of old) if (await admin.indices.exists({ index })) problems.push(`${index} is too old`);
  for (const [index, id] of documents) {
    if (await admin.exists({ index, id })) problems.push(`${id} of ${index} is too old`);
  }
  await admin.indices.delete({ index: old, ignore_unavailable: true });
  for (const [index, id] of documents) await admin.delete({ index, id, refresh: true }, { ignore: [404] });
  return problems;
}

async function written(admin: Client): Promise<Omit<Work, 'problems' | 'seen'>> {
  const all = async (index: string) => {
    await admin.indices.refresh({ index });
    return (await admin.search<{ minecanary?: { matches?: number } }>({ index, size: 1000 })).hits.hits;
  };
  const incidents = (await all(INCIDENTS))
    .map(({ _source }) => _source?.minecanary?.matches ?? -1)
    .sort((a, b) => a - b);
  const tagged = (await all('events-*,silent-*')).filter(({ _source }) => _source?.minecanary !== undefined);
  return {
    matches: (await all(`${MATCHES}-*`)).length,
    incidents,
    tagged: tagged.map(({ _index, _id }) => `${_index}/${_id}`).sort(),
    alerts: (await all(`${ALERTS}-*`)).length,
  };
}

/** Takes everything away that a worker wrote, and puts the events back as they were. */
export async function startAnew(admin: Client): Promise<void> {
  const name = [`${MATCHES}-*`, `${ALERTS}-*`, 'events-*', 'silent-*'];
  const { indices } = await admin.indices.resolveIndex({ name });
  for (const { name: index } of indices) await admin.indices.delete({ index });
  for (const index of [UNITS, INCIDENTS]) await empty(admin, index);
  for (const index of [EVENTS, SILENT]) await admin.indices.create({ index, settings: { refresh_interval: '-1' } });
  const documents = [
    [EVENTS, 'a', event('10.9.0.1', 1)],
    [EVENTS, 'b', event('10.9.0.2', 0)],
    [SILENT, 'a', event('10.9.1.1', 0)],
  ] as const;
  const operations = documents.flatMap(([_index, _id, document]) => [{ create: { _index, _id } }, document]);
  await admin.bulk({ operations, refresh: true });
  await setup(admin, CONFIG, false);
}

/** Whether an index has the fields of the tag. */
export async function isMapped(admin: Client, index: string): Promise<boolean> {
  const mappings = await admin.indices.getMapping({ index });
  return mappings[index]?.mappings.properties?.['minecanary'] !== undefined;
}

/** From here on nothing is seen in our indices that was not refreshed on purpose. */
export async function refreshNothing(admin: Client): Promise<void> {
  await admin.indices.putSettings({ index: 'minecanary-*', settings: { index: { refresh_interval: '-1' } } });
  const { index_templates: templates } = await admin.indices.getIndexTemplate({ name: '*minecanary*' });
  for (const { name, index_template: own } of templates) {
    const { index_patterns, priority = 0, _meta = {}, template = {} } = own;
    const settings = { ...template.settings, index: { ...template.settings?.index, refresh_interval: '-1' } };
    await admin.indices.putIndexTemplate({
      name,
      index_patterns,
      priority,
      _meta,
      template: { ...template, settings },
    });
  }
}

async function empty(admin: Client, index: string): Promise<void> {
  await admin.indices.refresh({ index });
  const { hits } = await admin.search({ index, size: 1000, _source: false });
  const operations = hits.hits.map(({ _id = '' }) => ({ delete: { _index: index, _id } }));
  if (operations.length > 0) await admin.bulk({ operations, refresh: true });
}

function event(ip: string, days: number): object {
  return { ...dated(days), source: { ip }, destination: { ip: '51.15.58.224', port: 3333 } };
}

function dated(days: number): object {
  const time = isoTime(Date.now() - days * DAY_MS);
  return { '@timestamp': time, event: { ingested: isoTime(Date.now()) } };
}
