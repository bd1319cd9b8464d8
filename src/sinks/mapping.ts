import type { estypes } from '@elastic/elasticsearch';

type Properties = Record<string, estypes.MappingProperty>;

/** Longest text that is indexed; longer text stays in `_source`. */
const IGNORE_ABOVE = 1024;

export const keyword: estypes.MappingProperty = { type: 'keyword', ignore_above: IGNORE_ABOVE };
export const date: estypes.MappingProperty = { type: 'date', ignore_malformed: true };
export const ip: estypes.MappingProperty = { type: 'ip', ignore_malformed: true };
export const long: estypes.MappingProperty = { type: 'long', ignore_malformed: true };
export const double: estypes.MappingProperty = { type: 'double' };
export const boolean: estypes.MappingProperty = { type: 'boolean' };
/** Kept as it is and not indexed. */
export const stored: estypes.MappingProperty = { type: 'object', enabled: false };

export function object(properties: Properties): estypes.MappingProperty {
  return { type: 'object', dynamic: 'strict', properties };
}

function keywords(...names: readonly string[]): Properties {
  return Object.fromEntries(names.map((name) => [name, keyword]));
}

const technique = keywords('id', 'name', 'reference');

/** `threat.*` as a tag writes it; `enrichments` is nested. Source: ECS 9.4. */
export const threat: Properties = {
  framework: keyword,
  tactic: object(technique),
  technique: object({ ...technique, subtechnique: object(technique) }),
  enrichments: {
    type: 'nested',
    properties: {
      indicator: {
        properties: {
          ...keywords('type', 'name', 'confidence', 'provider', 'reference', 'description'),
          ip,
          port: long,
          url: { properties: keywords('domain', 'path') },
          file: { properties: { hash: { properties: keywords('md5', 'sha1', 'sha256') } } },
          first_seen: date,
          last_seen: date,
        },
      },
      matched: {
        properties: { ...keywords('atomic', 'field', 'id', 'index', 'type'), occurred: date },
      },
    },
  },
};

/** `minecanary.*` as a tag writes it; `error` is what the ingest pipeline writes where it fails. */
export const tag: Properties = {
  ...keywords('version', 'lookups', 'stage', 'severity', 'kind', 'indicator', 'field', 'lookup', 'reason', 'error'),
  score: long,
  incident: { properties: { id: keyword } },
  tagged: date,
};

export const entity = object({ ...keywords('id', 'type', 'name'), shared: boolean });
export const points = object({ name: double, network: double, host: double, content: double });
export const related = object({ ip, hosts: keyword, user: keyword });

/** A mapping of ours: fields that are not named here are refused. */
export function strict(properties: Properties): estypes.MappingTypeMapping {
  return { dynamic: 'strict', date_detection: false, properties };
}

export { keywords };
