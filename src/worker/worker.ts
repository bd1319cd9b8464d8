import type { Client } from '@elastic/elasticsearch';
import { type Config, policyOf, type SourceConfig } from '../config/config.ts';
import type { Tables } from '../lookups/compile.ts';
import type { Matcher } from '../matcher/match.ts';
import type { Policy } from '../model/policy.ts';
import type { PlainIndices } from '../sinks/plain-index.ts';
import type { ElasticsearchSource } from '../sources/elasticsearch.ts';
import type { Log } from '../telemetry/log.ts';
import type { WorkReport } from '../telemetry/work.ts';
import type { BeforeWrite } from './batch.ts';
import type { Counts } from './outcome.ts';
import type { PartOutcome } from './part.ts';

/** What all passes of a worker share. */
export interface Worker {
  readonly client: Client;
  readonly config: Config;
  readonly tables: Tables;
  /** The tables of the run before, where this process made one: what they found need not be looked for again. */
  readonly before?: Tables;
  /** minecanary's own. */
  readonly version: string;
  /** Name of this worker, unlike any other's. */
  readonly owner: string;
  readonly log: Log;
  /** Ends the work after the batch at hand. */
  readonly signal: AbortSignal;
  readonly progress: (source: string, counts: Counts) => void;
  /** Who watches the work. */
  readonly report?: WorkReport;
  readonly beforeWrite: BeforeWrite;
  /** Documents of a part of a pass, where that is not to be chosen by how many match. */
  readonly partDocuments?: number;
}

/** The work on one source in one run. */
export interface Job {
  readonly worker: Worker;
  readonly config: SourceConfig;
  readonly source: ElasticsearchSource;
  readonly matcher: Matcher;
  readonly indices: PlainIndices;
  readonly plan: 'auto' | 'full';
  /** Elasticsearch's time when the run came to this source; milliseconds since 1970 UTC. */
  readonly now: number;
  /** Takes what came of each part. */
  readonly add: (outcome: PartOutcome) => void;
}

export function sourcePolicy(config: Config, source: SourceConfig): Policy {
  return { ...policyOf(config, source), ...(source.scope === undefined ? {} : { scope: source.scope }) };
}
