import type { Random } from './prng.ts';

/** The data sources of the mission. */
export type DataSource =
  | 'firewall'
  | 'proxy'
  | 'load_balancer'
  | 'ids'
  | 'netflow'
  | 'dns'
  | 'application'
  | 'sysmon'
  | 'windows_security';

/** Evidence that was put into a document on purpose. */
export interface Expectation {
  readonly kind:
    | 'port'
    | 'domain'
    | 'address'
    | 'socket'
    | 'command-line'
    | 'user-agent'
    | 'signature'
    | 'payload'
    | 'process'
    | 'url';
  /** Dotted name, whatever the document's spelling; of a socket, its address field. */
  readonly field: string;
  /**
   * What a lookup lists: `3333`, `minexmr.com`, `37.59.43.136`, `37.59.43.136:4444`, host and path of a URL, or a text
   * within the field, in which `*` is any text.
   */
  readonly indicator: string;
}

export interface SampleEvent {
  readonly source: DataSource;
  /** A data stream's name, such as `logs-squid.log-default`. */
  readonly index: string;
  /** The same for the same seed, source and number. */
  readonly id: string;
  readonly document: Document;
  /** Empty: benign. */
  readonly expected: readonly Expectation[];
  /** Set on a benign event that resembles mining: what it tempts with. */
  readonly lookAlike: string | undefined;
}

export type Document = Record<string, unknown>;

/** When an event happens, and the randomness to make it from. */
export interface Moment {
  readonly random: Random;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /** `time` as ISO 8601. */
  readonly timestamp: string;
  /** ISO 8601; undefined in sources whose events do not carry it. */
  readonly ingested: string | undefined;
}

/** An event before it has an id. */
export interface Draft {
  readonly index: string;
  readonly document: Document;
  readonly expected: readonly Expectation[];
  readonly lookAlike: string | undefined;
}

/** Makes one event of one look. */
export type Shape = (moment: Moment) => Draft;

/**
 * What is going on in the company. Each story shows in every data source at about the same time.
 * - `workstation`: XMRig on a workstation, straight to a pool
 * - `server`: a miner on the build server, on ports no list names
 * - `browser`: a miner in a web page, through the proxy
 * - `denied`: a miner that nothing lets out
 * - `scan`: an outside host that knocks on mining ports of our servers
 */
export const STORIES = ['workstation', 'server', 'browser', 'denied', 'scan'] as const;
export type Story = (typeof STORIES)[number];

/** How one data source tells of ordinary days, of each story, and of what only resembles mining. */
export interface SourceSample {
  readonly source: DataSource;
  /** False: its events carry no `event.ingested`. */
  readonly ingested: boolean;
  readonly benign: readonly Shape[];
  /** Told in turn: the first time a story comes up its first shape, then its second. At most three each. */
  readonly mining: Readonly<Record<Story, readonly Shape[]>>;
  readonly lookAlikes: readonly Shape[];
}
