/** Reports of any size, made up. */
import type { Incident } from '../../src/model/incident.ts';
import type { Severity } from '../../src/model/match.ts';
import { severityOf } from '../../src/model/severity.ts';
import { DAY_MS, isoTime } from '../../src/model/time.ts';
import type { Coverage, Facts, NearMissFacts } from '../../src/report/facts.ts';
import { bySeverity, reported, type Timeline } from '../../src/report/incident.ts';
import { type Report, reportOf } from '../../src/report/report.ts';
import { createTotals, none } from '../../src/report/totals.ts';
import { tablesOf } from './tables.ts';

export const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAYS = 30;
const SCORES = [99, 96, 79, 73, 60, 47, 30, 21, 10, 0];

/** The `number`th of any number of incidents: of all severities, spread over a month. */
export function incidentOf(number: number, given: Partial<Incident> = {}): Incident {
  const score = SCORES[number % SCORES.length] ?? 0;
  const start = NOW - (number % DAYS) * DAY_MS - 3_600_000;
  const name = `host-${number}.example`;
  const severity: Severity = severityOf(score);
  return {
    id: `id-${number}`,
    scope: 'default',
    entity: { id: `entity-${number % 5000}`, type: 'host', name, shared: false },
    day: isoTime(start).slice(0, 10),
    first: isoTime(start),
    last: isoTime(start + 1_800_000),
    events: 1 + (number % 7),
    matches: 2 + (number % 7),
    denied: number % 2,
    datasets: [{ name: number % 3 === 0 ? 'suricata.eve' : 'zeek.dns', count: 1 + (number % 7) }],
    kinds: [{ name: 'domain', count: 1 + (number % 7) }],
    lookups: [{ name: 'domain', count: 1 + (number % 7) }],
    indicators: [{ name: number % 2 === 0 ? 'minexmr.com' : `pool-${number % 40}.example`, count: 1 + (number % 7) }],
    points: { name: score, network: 0, host: 0, content: 0 },
    score,
    severity,
    highest: severity,
    reason: `${name} asked for pool.minexmr.com (Sigma, high), then spoke 31 min with 51.15.58.224:3333 (test, high).`,
    ...given,
  };
}

export function timelineOf({ first, last, events, score }: Incident): Timeline {
  const hour = Number((first ?? 'T00').slice(11, 13)) || 0;
  const times = { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
  return {
    hours: Array.from({ length: 24 }, (_, i) => (i === hour ? events : 0)),
    steps: [
      { text: 'asked for pool.minexmr.com (Sigma, high)', points: score, events, ...times },
      { text: 'spoke with 51.15.58.224:3333 (test, high)', points: score, events: 1, ...times },
    ],
  };
}

export const SCANNED: Coverage = {
  of: 'scan',
  file: 'events.ndjson',
  lines: 1000,
  matched: 20,
  excepted: 3,
  unreadable: 2,
  named: [{ line: 17, reason: 'the line is JSON, but no object' }],
  misdated: 1,
  learned: false,
};

const PASS = { attempts: 0, completed: isoTime(NOW), started: isoTime(NOW), age_seconds: 60, current_lookups: true };

/** Of a worker that is behind, with failures of every sort. */
export const WORKED: Coverage = {
  of: 'worker',
  status: {
    ok: false,
    set_up: true,
    now: isoTime(NOW),
    max_age: '1h',
    gaps: [{ source: 'logs', kind: 'behind', text: 'logs is 2h behind: what arrived since then was not gone over' }],
    lookups: 'd1',
    sources: [
      {
        name: 'logs',
        index: ['logs-*', 'filebeat-*'],
        checkpoint: isoTime(NOW - 7_200_000),
        lag_seconds: 7200,
        incremental: PASS,
        sweep: PASS,
        failed: 1,
        open: 2,
        refused: 3,
        excepted: 4,
        undated: 5,
      },
      {
        name: 'never',
        index: ['never'],
        incremental: { attempts: 0 },
        sweep: { attempts: 0 },
        failed: 0,
        open: 0,
        refused: 0,
        excepted: 0,
        undated: 0,
      },
    ],
    unconfigured: ['old'],
    leases: [],
    backfills: [
      { source: 'logs', from: isoTime(NOW - DAY_MS), to: isoTime(NOW), started: isoTime(NOW), running: false },
    ],
    failures: {
      documents: 3,
      latest: [
        { source: 'logs', index: 'logs-a', id: 'x', reason: 'it does not fit', retryable: false, noted: isoTime(NOW) },
      ],
    },
    refused: [{ source: 'logs', reason: 'its index is closed', documents: 3 }],
    exceptions: [],
    undated: { events: 0, incidents: 0 },
    gone: { indicators: 0, examples: [] },
  },
};

export const MISSED: NearMissFacts = {
  looked: true,
  events: 100,
  of: 980,
  found: [
    {
      reason: 'label',
      value: 'notminexmr.com',
      field: 'dns.question.name',
      indicator: 'minexmr.com',
      lookup: 'domain',
      why: 'it ends like minexmr.com, but not at a label of its own',
      events: 4,
    },
    { reason: 'unreadable', value: '0x1F', field: 'destination.port', why: 'it is no port', events: 1 },
  ],
  left_out: 2,
};

export function factsOf(incidents: readonly Incident[], given: Partial<Facts> = {}): Facts {
  const totals = createTotals();
  for (const incident of incidents) totals.add(incident);
  const days = incidents.map(({ day }) => day).sort();
  const [from, to] = [days[0], days.at(-1)];
  return {
    ...(from === undefined || to === undefined ? {} : { range: { from, to } }),
    totals: totals.totals(),
    incidents: incidents.map((incident) => reported(incident, timelineOf(incident))).sort(bySeverity),
    alerts: { ...none(), critical: Math.ceil(incidents.length / 10) },
    coverage: SCANNED,
    nearMisses: MISSED,
    digests: [{ digest: 'an earlier one', events: 3 }],
    ...given,
  };
}

export function incidentsOf(count: number): Incident[] {
  return Array.from({ length: count }, (_, number) => incidentOf(number));
}

export function reportWith(incidents: readonly Incident[], given: Partial<Facts> = {}): Report {
  return reportOf(factsOf(incidents, given), { tables: tablesOf(), version: '0.0.0', now: NOW });
}

/** Words of ours that no document brings. */
const OURS = new Set(['of', 'severity', 'highest', 'type', 'confidence', 'max_age', 'version']);

/** The same value with every text in it replaced, but for words of ours. */
export function withTexts<T>(value: T, replace: (text: string) => string, key = ''): T {
  if (typeof value === 'string') return (OURS.has(key) ? value : replace(value)) as T;
  if (Array.isArray(value)) return value.map((one: unknown) => withTexts(one, replace, key)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, withTexts(own, replace, name)])) as T;
}

/** Texts that break out of where they are put, where anything can. */
export const HOSTILE: readonly string[] = [
  '<script>window.broken = 1</script>',
  '</style></title></script><script>window.broken = 2</script>',
  '"><img src="https://evil.example/x" onerror="window.broken = 3">',
  "' onmouseover='window.broken = 4' autofocus onfocus='window.broken = 5",
  'javascript:window.broken=6',
  '<svg/onload=window.broken=7><!-- --><![CDATA[ ]]>',
  '<iframe src="https://evil.example/"></iframe><link rel=stylesheet href=https://evil.example/>',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '&lt;script&gt;window.broken=8&lt;/script&gt; &#x3c;b&#x3e;',
  '\u202egnp.exe\u2066 \u200bnothing\u2069',
  '\u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627 example.org',
  'a\0b\u0001\u001b[31m\u007f\u0085\u2028c',
  'lone \ud800 and \udfff',
  `${'W'.repeat(1_000_000)}<script>window.broken = 9</script>`,
  `${'x'.repeat(299)}\ud83d\ude00`,
  '__proto__',
  '',
];

/** A report of which every text is hostile. */
export function hostileReport(coverage: Coverage): Report {
  let i = 0;
  const next = (): string => HOSTILE[i++ % HOSTILE.length] ?? '';
  const incidents = incidentsOf(3 * HOSTILE.length);
  const looked = withTexts(reportWith(incidents, { coverage }), next);
  return { ...looked, near_misses: coverage.of === 'scan' ? looked.near_misses : { looked: false, why: next() } };
}
