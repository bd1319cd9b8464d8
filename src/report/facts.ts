import type { NearMissReason } from '../matcher/near-miss/near-miss.ts';
import type { ReportedIncident } from './incident.ts';
import type { StatusReport } from './status/report.ts';
import type { BySeverity, Totals } from './totals.ts';

/** What is close to a match in the events that were looked at, and why it is none. */
export interface ReportedMiss {
  readonly reason: NearMissReason;
  readonly value: string;
  readonly field: string;
  readonly indicator?: string;
  readonly lookup?: string;
  /** In words. */
  readonly why: string;
  readonly events: number;
}

/** Near misses, or why they were not looked for. */
export type NearMissFacts =
  | { readonly looked: false; readonly why: string }
  | {
      readonly looked: true;
      /** Events without a match that were looked at, of so many. */
      readonly events: number;
      readonly of: number;
      /** Those of most events first. */
      readonly found: readonly ReportedMiss[];
      /** Found beyond those. */
      readonly left_out: number;
    };

/** What a scan read. */
export interface ScanCoverage {
  readonly of: 'scan';
  readonly file: string;
  readonly lines: number;
  readonly matched: number;
  readonly excepted: number;
  /** Matched events of other scopes, where one was asked for: they count nowhere else. */
  readonly other_scopes?: number;
  readonly unreadable: number;
  /** The first of the unreadable. */
  readonly named: readonly { readonly line: number; readonly reason: string }[];
  /** Events with evidence whose time is too old, or lies in the future: they count as undated. */
  readonly misdated: number;
  /** The input was read for DNS answers first. */
  readonly learned: boolean;
}

export interface WorkerCoverage {
  readonly of: 'worker';
  readonly status: StatusReport;
}

export type Coverage = WorkerCoverage | ScanCoverage;

/** Match documents that were written under one digest of the lookups. */
export interface DigestCount {
  readonly digest: string;
  readonly events: number;
}

/** What a report is made of. */
export interface Facts {
  /** The only scope that is told of; absent where all are. Coverage is of all. */
  readonly scope?: string;
  /** Days, `YYYY-MM-DD`, both inclusive; absent where no event has one. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly totals: Totals;
  /** The most severe, in order. */
  readonly incidents: readonly ReportedIncident[];
  readonly alerts: BySeverity;
  readonly coverage: Coverage;
  readonly nearMisses: NearMissFacts;
  /** Of the match documents; a scan has but the lookups in use. */
  readonly digests: readonly DigestCount[];
}
