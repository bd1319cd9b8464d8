import { parseAddress } from '../../lookups/address.ts';
import type { Tables } from '../../lookups/compile.ts';
import { CAPS, POINTS } from '../../matcher/score.ts';
import {
  DENIALS,
  DENIED_DNS,
  FLOWS,
  HOST_AGENTS,
  HOST_DATASETS,
  HOST_MODULES,
  RESPONSES,
  VERDICTS,
} from '../../matcher/words.ts';
import { FRAMEWORK, SUBTECHNIQUE, TACTIC, TAGS, TECHNIQUE } from '../../model/attack.ts';
import { LookupError } from '../../model/errors.ts';
import type { Kind } from '../../model/indicator.ts';
import type { Policy } from '../../model/policy.ts';
import { SEVERITIES, SEVERITY_FLOOR } from '../../model/severity.ts';
import { scriptFields } from './fields.ts';
import { countRows, type Rows, rowsOf } from './rows.ts';
import { type Indicators, networksOf, scriptTables } from './tables.ts';

/** Name of the pipeline in Elasticsearch. */
export const PIPELINE = 'minecanary-enrich';

/**
 * What the pipeline can't do as the matcher does it. Where an event needs it, the event passes as it is, and the worker
 * judges it.
 */
export const LEFT_TO_THE_WORKER = {
  learned: 'addresses learned from DNS answers: they are known to the worker only',
  international: 'names in letters beyond ASCII, which IDNA turns into A-labels',
  spellings: 'a field in two spellings at once (nested and dotted): ingest does not keep the order of keys',
  numbers: 'a number that is not whole, or not decimal, where the matcher reads a text or a count',
  cut: 'a value over 1,024 characters that would be cut within a character',
  long: 'a text in which Painless counts more than a million steps: `minecanary.error` says so',
} as const;

/** Of the pipeline as JSON, in bytes: every node holds it in memory too, about eight times as large. */
export const MOST_BYTES = 2 * 1024 * 1024;
/** Elasticsearch's `script.max_size_in_bytes` as it comes. */
export const MOST_SCRIPT_BYTES = 65_535;

export interface PipelineOptions {
  /** minecanary's own. */
  readonly version: string;
  readonly policy: Policy;
  /** Milliseconds: how old an event may be and have a day. */
  readonly retention: number;
  /** Events that score less are not tagged. */
  readonly minScore: number;
}

/** An ingest pipeline, as Elasticsearch's API takes it. */
export interface IngestPipeline {
  readonly description: string;
  readonly processors: readonly Readonly<Record<string, object>>[];
  readonly on_failure: readonly Readonly<Record<string, object>>[];
}

/**
 * The pipeline that tags events at ingest as the matcher would with these tables. Indicators that have expired are left
 * out as of the day the tables were compiled; it has to be made anew to forget further ones.
 *
 * @param script Painless: the files of pipelines/painless/ as `joinScript` joins them.
 * @throws LookupError where the pipeline would burden the cluster state.
 */
export function enrichPipeline(tables: Tables, script: string, options: PipelineOptions): IngestPipeline {
  const pipeline: IngestPipeline = {
    description: 'Tags events that match the lookups of minecanary (cryptomining, MITRE ATT&CK T1496).',
    processors: [{ script: { lang: 'painless', source: script, params: paramsOf(tables, options) } }],
    on_failure: [
      {
        set: { field: 'minecanary.error', value: '{{ _ingest.on_failure_message }}', ignore_failure: true },
      },
    ],
  };
  const bytes = Buffer.byteLength(JSON.stringify(pipeline));
  if (bytes > MOST_BYTES) throw tooLarge(bytes, tables);
  return pipeline;
}

/** Number of indicators in a pipeline that `enrichPipeline` made, by lookup. */
export function indicatorsIn({ processors }: IngestPipeline): Record<string, number> {
  const script = processors[0]?.['script'] as { readonly params: Rows } | undefined;
  return script === undefined ? {} : countRows(script.params);
}

const COMMENT = /\/\*.*?\*\//gs;
/** A text in quotes, which stays as it is, or a sign with blanks beside it. `+` and `-` may not come together. */
const TIGHTENED = /('(?:[^'\\]|\\.)*')|[ \t]*([=*/%<>!&|?:;,(){}[\]])[ \t]*/g;

/** Joins the files of a script, without what only people read: comments and blanks. */
export function joinScript(files: readonly string[]): string {
  const lines = files
    .join('\n')
    .replaceAll(COMMENT, '')
    .split('\n')
    .map((line) => line.trim().replaceAll(TIGHTENED, (_all, quoted?: string, sign?: string) => quoted ?? sign ?? ''));
  return lines.filter((line) => line !== '').join('\n');
}

function paramsOf(tables: Tables, { version, policy, retention, minScore }: PipelineOptions): object {
  const { exceptions } = tables;
  const kinds = Object.keys(tables.byKind) as Kind[];
  const counted = Object.fromEntries(
    kinds.map((kind) => [
      kind,
      tables.byKind[kind].indicators.filter((indicator) => exceptions.exceptedMatch({ indicator }) === undefined),
    ]),
  ) as unknown as Indicators;
  const { rows, origins, numberOf } = rowsOf(counted);
  const entities = exceptions.live.flatMap(({ entity }) => (entity === undefined ? [] : [entity.trim()]));
  const networks = exceptions.live.flatMap(({ cidr }) => cidr ?? []);
  return {
    ...scriptFields(policy),
    tables: scriptTables(counted, numberOf),
    rows,
    origins,
    policy: policyOf(policy),
    words: WORDS,
    exceptions: {
      entities: entities.map((name) => parseAddress(name)?.text ?? name.toLowerCase()),
      networks: plainNetworks(networks),
    },
    retention,
    minScore,
    points: POINTS,
    caps: CAPS,
    floors: SEVERITIES.map((severity) => [severity, SEVERITY_FLOOR[severity]]),
    leaves: leavesOf(version, tables.digest),
  };
}

const WORDS = {
  denials: DENIALS,
  verdicts: VERDICTS,
  responses: RESPONSES,
  deniedDns: DENIED_DNS,
  flows: FLOWS,
  hostModules: HOST_MODULES,
  hostDatasets: HOST_DATASETS,
  hostAgents: HOST_AGENTS,
};

function policyOf({ internal_networks, shared_hosts, ports, scope }: Policy): object {
  return {
    internal: plainNetworks(internal_networks),
    shared: { names: shared_hosts.map((host) => host.toLowerCase()), networks: plainNetworks(shared_hosts) },
    ignoresClientPorts: ports.client === 'ignore',
    ...(scope === undefined ? {} : { scope }),
  };
}

/** What is no network is left out. */
function plainNetworks(texts: readonly string[]): unknown {
  return networksOf(
    texts.map((text) => [text, 0] as const),
    () => 0,
  );
}

type Leaf = readonly [path: readonly string[], value: unknown];

/** What every tag of the pipeline has. */
function leavesOf(version: string, digest: string): readonly Leaf[] {
  return [
    [['tags'], TAGS],
    [['threat', 'framework'], FRAMEWORK],
    ...namedLeaves(['tactic'], TACTIC),
    ...namedLeaves(['technique'], TECHNIQUE),
    ...namedLeaves(['technique', 'subtechnique'], SUBTECHNIQUE),
    [['minecanary', 'version'], version],
    [['minecanary', 'lookups'], digest],
    [['minecanary', 'stage'], 'ingest'],
  ];
}

function namedLeaves(path: readonly string[], names: { id: string; name: string; reference: string }): Leaf[] {
  return Object.entries(names).map(([key, value]) => [['threat', ...path, key], [value]]);
}

function tooLarge(bytes: number, { lookups }: Tables): LookupError {
  const largest = lookups
    .toSorted((a, b) => b.indicators.length - a.indicators.length)
    .slice(0, 3)
    .map(({ name, indicators }) => `${name} (${indicators.length})`);
  return new LookupError(
    `The ingest pipeline would have ${(bytes / 2 ** 20).toFixed(1)} MB, and a cluster state bears ${MOST_BYTES / 2 ** 20} MB: ` +
      `leave large lookups out of it, such as ${largest.join(', ')}; the worker tags what they match.`,
  );
}
