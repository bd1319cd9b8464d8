import { createExplainer } from '../../matcher/explain.ts';
import type { Matcher } from '../../matcher/match.ts';
import { UNDATED } from '../../model/incident.ts';
import type { Severity } from '../../model/match.ts';
import type { Policy } from '../../model/policy.ts';
import { dayOf, type Lifetime } from '../../model/time.ts';
import { type AlertOptions, createIncidentsInMemory, type IncidentsInMemory } from '../../sinks/incidents-in-memory.ts';
import type { EventLine, UnreadableLine } from '../../sources/ndjson.ts';
import type { Facts, ScanCoverage } from '../facts.ts';
import { NO_TIMELINE, reported } from '../incident.ts';
import { clip } from '../text.ts';
import { type BySeverity, createTotals, none } from '../totals.ts';
import { createMostSevere } from './most-severe.ts';
import { createSample, nearMissesIn, type Sample } from './near-misses.ts';
import { createTimelinesInMemory, type TimelinesInMemory } from './timelines-in-memory.ts';

export interface ScanQuestion {
  /** Name of what is read, for people. */
  readonly file: string;
  readonly lines: AsyncIterable<readonly (EventLine | UnreadableLine)[]>;
  readonly matcher: Matcher;
  /** The matcher's. */
  readonly policy: Policy;
  readonly lifetime: Lifetime;
  readonly alerts: AlertOptions;
  /** The matcher knows what DNS answered in the input. */
  readonly learned: boolean;
  /** The only scope that is reported; all, where there is none. */
  readonly scope?: string;
  /** Incidents that are told one by one. */
  readonly most: number;
  /** Events without a match in which near misses are looked for. */
  readonly sample: number;
  readonly progress: (lines: number) => void;
}

const MOST_NAMED = 20;

interface Reading {
  readonly incidents: IncidentsInMemory;
  readonly timelines: TimelinesInMemory;
  readonly sample: Sample;
  readonly counts: {
    -readonly [name in 'lines' | 'matched' | 'excepted' | 'unreadable' | 'misdated' | 'elsewhere']: number;
  };
  readonly named: { line: number; reason: string }[];
}

/**
 * What a scan of events tells. Holds a batch of lines, the incidents and the sample.
 *
 * @throws SourceError where reading fails.
 */
export async function gatherFromScan(question: ScanQuestion): Promise<Facts> {
  const { file, lines, matcher, policy, lifetime, learned, most, scope } = question;
  const reading: Reading = {
    incidents: createIncidentsInMemory(lifetime),
    timelines: createTimelinesInMemory(lifetime),
    sample: createSample(question.sample),
    counts: { lines: 0, matched: 0, excepted: 0, unreadable: 0, misdated: 0, elsewhere: 0 },
    named: [],
  };
  for await (const batch of lines) {
    for (const line of batch) readLine(line, question, reading);
    question.progress(reading.counts.lines);
  }
  const timelines = reading.timelines.list();
  const totals = createTotals();
  const listed = createMostSevere(most);
  const days: string[] = [];
  for (const incident of reading.incidents.list()) {
    totals.add(incident);
    if (incident.day !== UNDATED) days.push(incident.day);
    listed.add(reported(incident, timelines.get(incident.id) ?? NO_TIMELINE));
  }
  const { elsewhere, ...counts } = reading.counts;
  const others = scope === undefined ? {} : { other_scopes: elsewhere };
  const coverage: ScanCoverage = { of: 'scan', file: clip(file), ...counts, ...others, named: reading.named, learned };
  const range = rangeOf(days);
  return {
    ...(scope === undefined ? {} : { scope }),
    ...(range === undefined ? {} : { range }),
    totals: totals.totals(),
    incidents: listed.list(),
    alerts: countAlerts(reading.incidents.alerts(question.alerts)),
    coverage,
    nearMisses: nearMissesIn(reading.sample, createExplainer(matcher, policy)),
    digests: [],
  };
}

function readLine(
  line: EventLine | UnreadableLine,
  { matcher, lifetime, scope }: ScanQuestion,
  { incidents, timelines, sample, counts, named }: Reading,
): void {
  counts.lines += 1;
  if ('reason' in line) {
    counts.unreadable += 1;
    if (named.length < MOST_NAMED) named.push({ line: line.number, reason: clip(line.reason) });
    return;
  }
  const evidence = matcher.match(line.event);
  if (evidence === undefined) {
    if (scope === undefined || scope === matcher.circumstances(matcher.observe(line.event)).scope) {
      sample.add(line.event, line.text.length);
    }
  } else if (scope !== undefined && evidence.scope !== scope) counts.elsewhere += 1;
  else if (evidence.excepted !== undefined) counts.excepted += 1;
  else {
    counts.matched += 1;
    if (evidence.time !== undefined && dayOf(evidence.time, lifetime) === UNDATED) counts.misdated += 1;
    timelines.add(incidents.add(line.event, evidence), evidence);
  }
}

function rangeOf(days: readonly string[]): Facts['range'] {
  const ordered = [...days].sort();
  const [from, to] = [ordered[0], ordered.at(-1)];
  return from === undefined || to === undefined ? undefined : { from, to };
}

function countAlerts(alerts: readonly { readonly minecanary: { readonly severity: Severity } }[]): BySeverity {
  const counts = none();
  for (const { minecanary } of alerts) counts[minecanary.severity] += 1;
  return counts;
}
