import { urlHost } from '../lookups/tables/url.ts';
import { FRAMEWORK, SUBTECHNIQUE, TACTIC, TAGS, TECHNIQUE } from '../model/attack.ts';
import { type Indicator, indicatorName } from '../model/indicator.ts';
import type { Evidence, Match, Severity } from '../model/match.ts';

/** ATT&CK names as ECS wants them: arrays, of which equal positions belong together. */
interface Technique {
  readonly id: readonly string[];
  readonly name: readonly string[];
  readonly reference: readonly string[];
}

/** One object of `threat.enrichments[]`; field names and values follow ECS. */
export interface Enrichment {
  readonly indicator: {
    readonly type: Indicator['type'];
    readonly name: string;
    /** Of single addresses: the field can't hold a CIDR. */
    readonly ip?: string;
    readonly port?: number;
    readonly url?: { readonly domain: string; readonly path?: string };
    readonly file?: { readonly hash: Readonly<Partial<Record<'md5' | 'sha1' | 'sha256', string>>> };
    readonly confidence: 'Low' | 'Medium' | 'High';
    readonly provider: string;
    readonly reference: string;
    readonly description?: string;
    readonly first_seen?: string;
    readonly last_seen?: string;
  };
  readonly matched: {
    /** The value as the event has it, in normal form. */
    readonly atomic: string;
    readonly field: string;
    /** Name of the indicator in its lookup. */
    readonly id: string;
    /** Name of the lookup. */
    readonly index: string;
    readonly occurred: string;
    readonly type: 'indicator_match_rule';
  };
}

export type Stage = 'worker' | 'scan' | 'ingest';

/** What a tag adds, as the nested document it makes of an empty event. */
export interface Tag {
  readonly tags: readonly string[];
  readonly threat: {
    readonly framework: string;
    readonly tactic: Technique;
    readonly technique: Technique & { readonly subtechnique: Technique };
    readonly enrichments: readonly Enrichment[];
  };
  readonly minecanary: {
    readonly version: string;
    /** Digest of the lookups. */
    readonly lookups: string;
    readonly stage: Stage;
    /** Score and severity are the event's own. */
    readonly score: number;
    readonly severity: Severity;
    readonly incident?: { readonly id: string };
    readonly tagged: string;
    readonly kind: readonly string[];
    readonly indicator: readonly string[];
    readonly field: readonly string[];
    readonly lookup: readonly string[];
    readonly reason: string;
  };
}

export interface TagContext {
  /** Digest of the lookups. */
  readonly lookups: string;
  readonly stage: Stage;
  readonly incidentId: string | undefined;
  /** ISO 8601, UTC: when the tag is made. */
  readonly tagged: string;
  readonly version: string;
  readonly reason: string;
}

const CONFIDENCE = { low: 'Low', medium: 'Medium', high: 'High' } as const;

function techniqueOf({ id, name, reference }: { id: string; name: string; reference: string }): Technique {
  return { id: [id], name: [name], reference: [reference] };
}

const HASHES = { 32: 'md5', 40: 'sha1', 64: 'sha256' } as const;

/** The fields that hold the indicator's value by its type. */
function typedValue({ type, value, port }: Indicator): Partial<Enrichment['indicator']> {
  switch (type) {
    case 'port':
      return { port: Number(value) };
    case 'domain-name':
      return { url: { domain: value } };
    case 'url':
      return { url: { domain: urlHost(value), path: value.slice(urlHost(value).length) } };
    case 'file':
      return { file: { hash: { [HASHES[value.length as keyof typeof HASHES]]: value } } };
    case 'ipv4-addr':
    case 'ipv6-addr':
      return { ...(!value.includes('/') && { ip: value }), ...(port !== undefined && { port }) };
    case 'process':
    case 'software':
    case 'x-ids-signature':
    case 'network-traffic':
      return {};
  }
}

function enrichmentOf({ observable, indicator }: Match, occurred: string): Enrichment {
  const { type, confidence, provider, reference, note, first_seen, last_seen, lookup } = indicator;
  const name = indicatorName(indicator);
  return {
    indicator: {
      type,
      name,
      ...typedValue(indicator),
      confidence: CONFIDENCE[confidence],
      provider,
      reference,
      ...(note !== undefined && { description: note }),
      ...(first_seen !== undefined && { first_seen }),
      ...(last_seen !== undefined && { last_seen }),
    },
    matched: {
      atomic: observable.value,
      field: observable.field,
      id: name,
      index: lookup,
      occurred,
      type: 'indicator_match_rule',
    },
  };
}

function distinct(matches: readonly Match[], of: (match: Match) => string): string[] {
  return [...new Set(matches.map(of))];
}

/** The tag of one event's evidence, before it meets the event. */
export function tagOf({ matches, score, severity }: Evidence, context: TagContext): Tag {
  const { lookups, stage, incidentId, tagged, version, reason } = context;
  return {
    tags: TAGS,
    threat: {
      framework: FRAMEWORK,
      tactic: techniqueOf(TACTIC),
      technique: { ...techniqueOf(TECHNIQUE), subtechnique: techniqueOf(SUBTECHNIQUE) },
      enrichments: matches.map((match) => enrichmentOf(match, tagged)),
    },
    minecanary: {
      version,
      lookups,
      stage,
      score,
      severity,
      ...(incidentId !== undefined && { incident: { id: incidentId } }),
      tagged,
      kind: distinct(matches, ({ observable }) => observable.kind),
      indicator: distinct(matches, ({ indicator }) => indicatorName(indicator)),
      field: distinct(matches, ({ observable }) => observable.field),
      lookup: distinct(matches, ({ indicator }) => indicator.lookup),
      reason,
    },
  };
}
