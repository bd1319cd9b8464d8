import type { Config, SourceConfig } from '../../config/config.ts';
import { formatDuration } from '../../model/duration.ts';
import { isoTime } from '../../model/time.ts';
import type { UnitDocument } from '../../worker/unit.ts';
import type { Gone, LedgerEntry, Refusals, StatusFacts } from './facts.ts';
import { gapsOf, utcMoment } from './gaps.ts';
import { type SourceStatus, sourceStatus } from './source.ts';

/** Something that is not covered, older than may be. */
export interface Gap {
  /** Absent where it concerns all. */
  readonly source?: string;
  readonly kind: 'not_set_up' | 'never' | 'behind' | 'sweep' | 'failures';
  /** A clause: `logs is 2h behind`. */
  readonly text: string;
}

export interface LeaseStatus {
  readonly source: string;
  readonly pass: UnitDocument['pass'];
  readonly owner: string;
  /** ISO 8601, UTC, by the worker's own clock. */
  readonly renewed: string;
  /** It was not renewed for more than twice its time to live: its worker seems gone. */
  readonly stale: boolean;
}

export interface ExceptionStatus {
  /** `entity 10.0.0.7` */
  readonly exception: string;
  readonly reason: string;
  /** `YYYY-MM-DD` */
  readonly expires: string;
  readonly live: boolean;
  /** Incidents that count for nothing because of it. */
  readonly incidents: number;
}

export interface BackfillStatus {
  readonly source: string;
  readonly from: string;
  readonly to: string;
  /** ISO 8601, UTC: when it began last. */
  readonly started: string;
  readonly running: boolean;
}

/** What was covered and what was not. Names and form of its JSON. */
export interface StatusReport {
  /** No gap. */
  readonly ok: boolean;
  readonly set_up: boolean;
  /** ISO 8601, UTC, by Elasticsearch's clock; absent where nothing is set up. */
  readonly now?: string;
  readonly max_age: string;
  readonly gaps: readonly Gap[];
  /** Digest of the lookups in use. */
  readonly lookups: string;
  readonly sources: readonly SourceStatus[];
  /** Sources that the configuration does not name, and of which there are units. */
  readonly unconfigured: readonly string[];
  readonly leases: readonly LeaseStatus[];
  /** Ranges that were begun and not completed. */
  readonly backfills: readonly BackfillStatus[];
  /** Failed documents: how many there are, and the latest. */
  readonly failures: { readonly documents: number; readonly latest: readonly LedgerEntry[] };
  readonly refused: readonly Refusals[];
  readonly exceptions: readonly ExceptionStatus[];
  readonly undated: { readonly events: number; readonly incidents: number };
  readonly webhook?: {
    readonly name: string;
    readonly waiting: number;
    readonly more: boolean;
    /** ISO 8601, UTC, of the earliest that waits. */
    readonly since?: string;
  };
  readonly gone: Gone;
}

export interface ReportOptions {
  readonly config: Pick<Config, 'sources' | 'sweep' | 'lag' | 'alerts' | 'horizon'>;
  /** Of the lookups in use, and of those together with the exceptions, as units name it. */
  readonly digests: { readonly lookups: string; readonly decidedBy: string };
  /** Milliseconds: what is older is a gap. */
  readonly maxAge: number;
  /** How a time (ISO 8601, UTC) is told in the text of a gap; default: `2026-11-24 10:20 UTC`. */
  readonly moment?: (time: string) => string;
}

const NOTHING: Omit<StatusFacts, 'now'> = {
  units: [],
  ledger: { counts: [], latest: [], refusals: [] },
  exceptions: [],
  undated: { events: new Map(), incidents: 0 },
  arrival: new Map(),
  gone: { indicators: 0, examples: [] },
};

/**
 * What the facts amount to. Pure.
 *
 * @param facts undefined where minecanary is not set up.
 */
export function statusReport(facts: StatusFacts | undefined, options: ReportOptions): StatusReport {
  const { config, digests, maxAge, moment = utcMoment } = options;
  const { now, units, ledger, exceptions, undated, waiting, gone } = facts ?? { ...NOTHING, now: 0 };
  const sources = config.sources.map((source) => sourceStatus(source, facts ?? { ...NOTHING, now }, options));
  const gaps: Gap[] =
    facts === undefined
      ? [NOT_SET_UP]
      : sources.flatMap((source) => gapsOf(source, { maxAge, sweep: config.sweep, moment }));
  const documents = ledger.counts.reduce((sum, { permanent, open }) => sum + permanent + open, 0);
  return {
    ok: gaps.length === 0,
    set_up: facts !== undefined,
    ...(facts === undefined ? {} : { now: isoTime(now) }),
    max_age: formatDuration(maxAge),
    gaps,
    lookups: digests.lookups,
    sources,
    unconfigured: unconfigured(units, config.sources),
    leases: units.flatMap((unit) => leaseOf(unit, now)),
    backfills: units.flatMap(backfillOf),
    failures: { documents, latest: ledger.latest },
    refused: ledger.refusals,
    exceptions: exceptions.map(({ row, live, incidents }) => {
      const { reason, expires, indicator, entity, cidr } = row;
      const kind = indicator === undefined ? (entity === undefined ? 'network' : 'entity') : 'indicator';
      return { exception: `${kind} ${indicator ?? entity ?? cidr}`, reason, expires, live, incidents };
    }),
    undated: { events: [...undated.events.values()].reduce((sum, one) => sum + one, 0), incidents: undated.incidents },
    ...webhookOf(config.alerts.webhook?.name, waiting),
    gone,
  };
}

const NOT_SET_UP: Gap = {
  kind: 'not_set_up',
  text: 'minecanary is not set up on this Elasticsearch: run `minecanary setup`, or `minecanary run --setup`',
};

function webhookOf(name: string | undefined, waiting: StatusFacts['waiting']): Pick<StatusReport, 'webhook'> {
  if (name === undefined || waiting === undefined) return {};
  const { alerts, more, since } = waiting;
  return { webhook: { name, waiting: alerts, more, ...(since === undefined ? {} : { since: isoTime(since) }) } };
}

function unconfigured(units: readonly UnitDocument[], sources: readonly SourceConfig[]): string[] {
  const known = new Set(sources.map(({ name }) => name));
  const named = units.filter(({ pass, source }) => pass !== 'delivery' && !known.has(source));
  return [...new Set(named.map(({ source }) => source))].sort();
}

function leaseOf({ source, pass, lease, updated }: UnitDocument, now: number): LeaseStatus[] {
  if (lease === undefined) return [];
  const stale = now - Date.parse(updated) > 2 * lease.ttl;
  return [{ source, pass, owner: lease.owner, renewed: updated, stale }];
}

function backfillOf({ source, pass, from, to, attempts, started, lease }: UnitDocument): BackfillStatus[] {
  if (pass !== 'range' || attempts === 0 || from === undefined || to === undefined || started === undefined) return [];
  return [{ source, from, to, started, running: lease !== undefined }];
}
