import type { Client, estypes } from '@elastic/elasticsearch';
import { isConflict, isMissing, sinkError } from '../elastic/errors.ts';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../elastic/names.ts';
import { ConfigError } from '../model/errors.ts';
import { alertIndices } from '../sinks/alerts.ts';
import { incidentIndex } from '../sinks/incident-document.ts';
import { matchIndices } from '../sinks/match-document.ts';
import type { IndexKind } from '../sinks/plain-index.ts';
import { unitIndex } from '../worker/ledger.ts';

/** One change that setup makes. */
export interface Change {
  /** What it does, as a line of `setup --dry-run`. */
  readonly what: string;
  readonly apply: () => Promise<void>;
}

/** How far a plan goes. */
export interface Making {
  /** Makes what is missing; else only what is there is brought up to date. */
  readonly create: boolean;
}

/** Grows when the mappings of our indices change in a way that the worker needs. */
export const LAYOUT = 2;

const KINDS: readonly IndexKind[] = [matchIndices, incidentIndex, alertIndices, unitIndex];
/** The worker reads them before it writes anything, so they are there from the start. */
const FIRST_INDICES = [UNITS, INCIDENTS];
/** An index name that each pattern is for. */
const PROBES = [`${MATCHES}-2026.01`, INCIDENTS, `${ALERTS}-2026.01`, UNITS];
const LEAST_PRIORITY = 1000;

/**
 * The templates and indices of our own that are missing or differ.
 *
 * @throws ConfigError where a newer version was set up here.
 */
export async function planInstall(client: Client): Promise<Change[]> {
  try {
    const { index_templates: templates } = await client.indices.getIndexTemplate();
    for (const layout of await layoutsOf(client, templates)) refuseNewer(layout);
    const priority = outranking(templates);
    const changes: Change[] = [];
    for (const kind of KINDS) {
      const wanted = templateOf(kind, priority);
      const present = templates.find(({ name }) => name === kind.template)?.index_template;
      if (!holds(present, wanted)) {
        const what = `${present === undefined ? 'install' : 'update'} the index template ${kind.template}`;
        changes.push({ what, apply: async () => void (await client.indices.putIndexTemplate(wanted)) });
      }
      changes.push(...(await planMappings(client, kind, wanted.template.mappings)));
    }
    for (const index of FIRST_INDICES) {
      if (await client.indices.exists({ index })) continue;
      changes.push({ what: `create the index ${index}`, apply: () => createIndex(client, index) });
    }
    return changes;
  } catch (error) {
    throw sinkError('Reading the index templates', error);
  }
}

/** Two may set up at once. */
async function createIndex(client: Client, index: string): Promise<void> {
  try {
    await client.indices.create({ index });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** What an earlier version made gets the fields that came since. */
async function planMappings(
  client: Client,
  { patterns }: IndexKind,
  wanted: estypes.MappingTypeMapping,
): Promise<Change[]> {
  const present = await client.indices.getMapping({
    index: [...patterns],
    allow_no_indices: true,
    ignore_unavailable: true,
  });
  return Object.entries(present)
    .filter(([, { mappings }]) => !holds(mappings, wanted))
    .map(([index]) => ({
      what: `update the mapping of ${index}`,
      apply: async () => void (await client.indices.putMapping({ index, ...wanted })),
    }));
}

function templateOf({ template, patterns, mappings }: IndexKind, priority: number) {
  const meta = { managed_by: 'minecanary', layout: LAYOUT };
  return {
    name: template,
    index_patterns: [...patterns],
    priority,
    _meta: meta,
    template: {
      settings: { index: { number_of_shards: '1', auto_expand_replicas: '0-1' } },
      mappings: { ...mappings, _meta: meta },
    },
  } satisfies estypes.IndicesPutIndexTemplateRequest;
}

/** Above every other template for our names: one for `logs-*-*` would make data streams of them. */
function outranking(templates: readonly estypes.IndicesGetIndexTemplateIndexTemplateItem[]): number {
  const own = new Set(KINDS.map(({ template }) => template));
  const others = templates.filter(
    ({ name, index_template: { index_patterns: patterns } }) =>
      !own.has(name) && [patterns].flat().some((pattern) => PROBES.some((probe) => matches(pattern, probe))),
  );
  return Math.max(LEAST_PRIORITY, ...others.map(({ index_template: { priority = 0 } }) => priority + 1));
}

/** Whether an index pattern (`*` stands for any text) is for a name. */
export function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const last = parts.length - 1;
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const found = i === last ? Math.max(at, name.length - part.length) : name.indexOf(part, at);
    if (found < 0 || (i === 0 && found !== 0) || !name.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return last > 0 || name === pattern;
}

/** Whether everything wanted stands in what is there; Elasticsearch adds defaults of its own. */
function holds(present: unknown, wanted: unknown): boolean {
  if (wanted === null || typeof wanted !== 'object') return String(present) === String(wanted);
  if (present === null || typeof present !== 'object') return false;
  return Object.entries(wanted).every(([key, value]) => {
    if (key === 'name') return true;
    const found = (present as Record<string, unknown>)[key];
    // A mapping with properties is shown without its type.
    return (key === 'type' && value === 'object' && found === undefined) || holds(found, value);
  });
}

/** What each template and index of ours carries: one that is newer than the rest was restored, or left half way. */
async function layoutsOf(
  client: Client,
  templates: readonly estypes.IndicesGetIndexTemplateIndexTemplateItem[],
): Promise<unknown[]> {
  const own = new Set(KINDS.map(({ template }) => template));
  const index = KINDS.flatMap(({ patterns }) => patterns);
  const mappings = await client.indices.getMapping({ index, allow_no_indices: true, ignore_unavailable: true });
  const ofTemplates = templates.filter(({ name }) => own.has(name)).map(({ index_template: { _meta } }) => _meta);
  const ofIndices = Object.values(mappings).map(({ mappings: { _meta } }) => _meta);
  return [...ofTemplates, ...ofIndices].map((meta) => meta?.['layout']);
}

/** The layout that setup left here; undefined where it was not run. */
async function readLayout(client: Client): Promise<unknown> {
  try {
    const mappings = await client.indices.getMapping({ index: UNITS });
    return mappings[UNITS]?.mappings._meta?.['layout'];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw sinkError(`Reading the mapping of ${UNITS}`, error);
  }
}

function refuseNewer(layout: unknown): void {
  if (typeof layout !== 'number' || layout <= LAYOUT) return;
  throw new ConfigError(
    `The indices of minecanary have layout ${layout}, and this version knows ${LAYOUT} and older. Update minecanary.`,
  );
}

/**
 * @throws ConfigError where setup was not run, or was run by another version with another layout.
 */
export async function requireSetup(client: Client): Promise<void> {
  const layout = await readLayout(client);
  if (layout === LAYOUT) return;
  refuseNewer(layout);
  throw new ConfigError(
    layout === undefined
      ? 'minecanary is not set up on this Elasticsearch: its templates are missing. Run `minecanary setup`, or `minecanary run --setup`.'
      : `The indices of minecanary have layout ${JSON.stringify(layout)}, and this version needs ${LAYOUT}. Run \`minecanary setup\`.`,
  );
}
