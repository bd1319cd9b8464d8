import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Count } from '../../src/model/incident.ts';
import type { Report } from '../../src/report/report.ts';
import { type Ended, runCli, temporaryFolder } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { indexOf } from '../support/one-pass.ts';
import { startProxy } from '../support/proxy.ts';
import { type SampleEvent, sampleEvents } from '../support/sample/index.ts';
import { passage, refusing } from '../support/stand-in.ts';
import { type Corner, daysAgo, openCorner, type Stored } from '../support/worker.ts';

const DAY = 86_400_000;
/** Days of which no other test has events. */
const END = daysAgo(211, '00:00:00.000Z');
const FROM = daysAgo(214).slice(0, 10);
const TO = END.slice(0, 10);
const EVENTS: readonly SampleEvent[] = [
  ...sampleEvents({ seed: 5, end: new Date(END), span: 3 * DAY, perSource: 60, miningShare: 0.3 }),
];

const OWN = '(?:minecanary-|logs-minecanary\\.)[^/,]*';
/** Requests that read our own indices, or none. */
const READING = new RegExp(
  `^(?:HEAD|GET) /${OWN}$|^(?:GET|POST) /${OWN}(?:,${OWN})*/(?:_search|_refresh|_count|_pit)|^(?:POST /_search|DELETE /_pit|` +
    'GET /_nodes|(?:GET|POST) /_security|GET /$)',
);

interface StoredIncident {
  readonly event: { readonly start?: string; readonly end?: string };
  readonly minecanary: {
    readonly incident: { readonly id: string };
    readonly severity: string;
    readonly score: number;
    readonly reason: string;
    readonly events: number;
    readonly denied: number;
    readonly entity: { readonly id: string; readonly name: string };
    readonly day: string;
    readonly datasets: readonly Count[];
    readonly kinds: readonly Count[];
    readonly indicators: readonly Count[];
    readonly joined?: string;
  };
}

const folder = temporaryFolder();
let corner: Corner;
let incidents: readonly StoredIncident['minecanary'][];
let alerts: readonly Stored[];
let report: Report;

function cli(args: readonly string[], url = elasticsearchUrl()): Promise<Ended> {
  const source = { name: corner.name, index: `${corner.name}*`, scope: corner.name };
  const config = folder.file('minecanary.json', { sources: [source], retention: '13mo', alerts: { remind: '0s' } });
  return runCli([...args, '--config', config], { env: { ELASTICSEARCH_URL: url } });
}

async function toldOf(...args: readonly string[]): Promise<Report> {
  const { code, stdout } = await cli(['report', '--json', '--from', FROM, '--to', TO, ...args]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

beforeAll(async () => {
  corner = await openCorner();
  for (const [source, own] of Map.groupBy(EVENTS, (event) => event.source)) {
    await corner.put(indexOf(corner.name, source), Object.fromEntries(own.map(({ id, document }) => [id, document])));
  }
  expect(await cli(['run', '--once', '--from', FROM, '--to', TO])).toMatchObject({ code: 0 });
  const stored = (await corner.incidents()) as unknown as readonly Stored<StoredIncident>[];
  incidents = stored.map(({ source }) => source.minecanary).filter(({ joined }) => joined === undefined);
  alerts = await corner.alerts();
  report = await toldOf();
});
afterAll(async () => {
  await corner.close();
  folder.remove();
});

function counted(names: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function summed(lists: readonly (readonly Count[])[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { name, count } of lists.flat()) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/** Name and version of each document that a report could have touched. */
async function versions(): Promise<string[]> {
  const all = [corner.incidents(), corner.alerts(), corner.events(), corner.units()];
  const some: readonly (readonly Stored[])[] = await Promise.all(all);
  return some.flat().map(({ index, id, version }) => `${index} ${id} ${version}`);
}

const present = (counts: object): object => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
const byName = (counts: readonly Count[]): object => Object.fromEntries(counts.map(({ name, count }) => [name, count]));
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

test('the numbers are those of the incidents and alerts that are stored', () => {
  expect(incidents.length).toBeGreaterThan(20);
  const { summary } = report;
  expect(summary.incidents).toBe(incidents.length);
  expect(present(summary.by_severity)).toEqual(counted(incidents.map(({ severity }) => severity)));
  expect(summary.entities).toBe(new Set(incidents.map(({ entity }) => entity.id)).size);
  expect(summary.events).toBe(sum(incidents.map(({ events }) => events)));
  expect(summary.denied).toBe(sum(incidents.map(({ denied }) => denied)));
  expect(present(summary.alerts)).toEqual(
    counted(alerts.map(({ source }) => (source['minecanary'] as { severity: string }).severity)),
  );
  expect(byName(report.datasets)).toEqual(summed(incidents.map(({ datasets }) => datasets)));
  expect(byName(report.kinds)).toEqual(summed(incidents.map(({ kinds }) => kinds)));
  const indicators = summed(incidents.map((one) => one.indicators));
  for (const { name, events } of report.indicators) expect([name, events]).toEqual([name, indicators[name]]);
  expect(summary.distinct_indicators).toBe(Object.keys(indicators).length);
  const perDay = Object.fromEntries(
    report.periods.map(({ period, incidents: own }) => [period, sum(Object.values(own))]),
  );
  expect(present(perDay)).toEqual(counted(incidents.map(({ day }) => day)));
});

test('each incident is told as it is stored, the most severe first', () => {
  const told = report.incidents.map(({ id, score, reason, events }) => ({ id, score, reason, events }));
  const own = incidents.map(({ incident, score, reason, events }) => ({ id: incident.id, score, reason, events }));
  expect([...told].sort(byId)).toEqual([...own].sort(byId));
  expect(told.map(({ score }) => score)).toEqual(told.map(({ score }) => score).sort((a, b) => b - a));
  expect(report.left_out).toBe(0);
});

test('a timeline holds all events of its incident, and begins and ends with it', () => {
  for (const { events, first, last, timeline } of report.incidents) {
    expect(sum(timeline.hours)).toBe(events);
    const times = timeline.steps.flatMap((step) => [step.first ?? '', step.last ?? '']);
    expect(times.every((time) => time >= (first ?? '') && time <= (last ?? ''))).toBe(true);
    expect(timeline.steps.length).toBeGreaterThan(0);
  }
});

test('a scan of the same events tells the same', async () => {
  const lines = EVENTS.map(({ document }) => JSON.stringify(document));
  const file = folder.file('events.ndjson', `${lines.join('\n')}\n`);
  const { code, stdout } = await cli(['report', '--scan', file, '--learn', '--json']);
  expect(code).toBe(0);
  const scanned = JSON.parse(stdout) as Report;
  const { joined: _, ...summary } = report.summary;
  expect(scanned.summary).toMatchObject({ ...summary });
  expect(scanned.incidents).toEqual(report.incidents.map((one) => ({ ...one, highest: one.severity })));
  expect(scanned.indicators).toEqual(report.indicators);
  expect(scanned.periods).toEqual(report.periods);
  expect(scanned.first_steps.filter(({ of }) => of === 'incident')).toEqual(
    report.first_steps.filter(({ of }) => of === 'incident'),
  );
  expect(scanned.coverage).toMatchObject({ of: 'scan', lines: EVENTS.length, unreadable: 0, learned: true });
  expect(scanned.near_misses).toMatchObject({ looked: true });
});

test('tells how far the source was gone over, and by which lookups', () => {
  const { coverage, lookups } = report;
  if (coverage.of !== 'worker') throw new Error(coverage.of);
  expect(coverage.status.sources).toMatchObject([{ name: corner.name, failed: 0, open: 0 }]);
  // A range is no pass that is due.
  expect(coverage.status.gaps).toMatchObject([{ source: corner.name, kind: 'never' }]);
  expect(lookups.matched_by).toEqual([{ digest: lookups.digest, events: report.summary.events }]);
  expect(report.near_misses.looked).toBe(false);
});

test('a range without incidents is a report too', async () => {
  const { code, stdout } = await cli(['report', '--json', '--from', '2001-01-01', '--to', '2001-01-02']);
  expect(code).toBe(0);
  const empty = JSON.parse(stdout) as Report;
  expect(empty).toMatchObject({ range: { from: '2001-01-01', to: '2001-01-01' }, incidents: [], periods: [] });
  expect(empty.summary).toMatchObject({ incidents: 0, events: 0 });
});

test('reading changes nothing', async () => {
  const before = await versions();
  const out = join(folder.path, 'report.html');
  const { code, stdout } = await cli(['report', '--from', FROM, '--to', TO, '--out', out]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(await versions()).toEqual(before);
  const page = readFileSync(out, 'utf8');
  expect(page.startsWith('<!doctype html>')).toBe(true);
  for (const { reason } of report.incidents.slice(0, 3)) expect(page).toContain(reason.slice(0, 30));
});

test('asks for no index but its own, and only reads', async () => {
  const between = await passage(elasticsearchUrl());
  const { code } = await cli(['report', '--json', '--from', FROM, '--to', TO], between.url);
  await between.close();
  expect(code).toBe(0);
  const others = between.passed.filter((line) => !READING.test(decodeURIComponent(line)));
  expect(others).toEqual([]);
});

test('a server that does not answer is told, with what to do', async () => {
  const server = await refusing(503, 'unavailable', 'closed for today');
  const out = join(folder.path, 'none.html');
  const { code, stdout, stderr } = await cli(['report', '--out', out], server.url);
  await server.close();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^error: /m);
  expect(existsSync(out)).toBe(false);
});

test('a server without minecanary is told, with what to do', async () => {
  const missing = { status: 404, type: 'index_not_found_exception', reason: 'no such index' };
  const server = await startProxy(elasticsearchUrl(), {
    request: (line) => (line.startsWith('HEAD /minecanary-units') ? missing : undefined),
  });
  const { code, stdout, stderr } = await cli(['report'], server.url);
  await server.close();
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^error: minecanary is not set up on this Elasticsearch, .* Run `minecanary run --setup` first/,
  );
});

describe('with another site', () => {
  let site: Corner;
  beforeAll(async () => {
    site = await openCorner();
    const entity = incidents.find(({ day }) => day === FROM)?.entity.name ?? '';
    await site.put(await site.index('-dns'), {
      a: { '@timestamp': `${FROM}T10:00:00Z`, source: { ip: entity }, dns: { question: { name: 'pool.minexmr.com' } } },
    });
    const config = folder.file('site.json', {
      sources: [{ name: site.name, index: `${site.name}*`, scope: site.name }],
      retention: '13mo',
    });
    const args = ['run', '--once', '--from', FROM, '--to', TO, '--config', config];
    expect(await runCli(args, { env: { ELASTICSEARCH_URL: elasticsearchUrl() } })).toMatchObject({ code: 0 });
  });
  afterAll(() => site.close());

  test('--scope tells of one, in all its numbers', async () => {
    const own = await toldOf('--scope', corner.name);
    expect(own).toEqual({ ...report, scope: corner.name, made: own.made, coverage: own.coverage });
    const other = await toldOf('--scope', site.name);
    expect(other.incidents).toMatchObject([{ scope: site.name, events: 1, severity: 'high' }]);
    expect(other.summary).toMatchObject({ incidents: 1, events: 1, alerts: { high: 1, low: 0 } });
    expect(other.lookups.matched_by).toMatchObject([{ events: 1 }]);
    const all = await toldOf();
    expect(all).not.toHaveProperty('scope');
    expect(all.summary.incidents).toBe(report.summary.incidents + 1);
    expect(all.lookups.matched_by).toMatchObject([{ events: report.summary.events + 1 }]);
  });

  test('a scope that holds nothing is told, with how scopes are named', async () => {
    const { code, stderr } = await cli(['report', '--from', FROM, '--to', TO, '--scope', 'nowhere']);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warn: Nothing was found in the scope nowhere\. Check its name: /),
    });
  });
});
