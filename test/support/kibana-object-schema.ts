/**
 * What Kibana's import asks of saved objects. Source, of elastic/kibana: dashboard_saved_object/schema/v1 (unknown keys
 * are refused), saved_search schema_legacy.ts (SCHEMA_SEARCH_BASE), visualizations saved_objects/visualization.ts (8.8.0),
 * data_views common DataViewAttributes; and of the texts of JSON in them: dashboard panels (`panelRefName` beside
 * `panelIndex`), visualizations `visState`, search sources.
 */
import { object, text } from './json-schema.ts';

const words = { type: 'string' } as const;
const bool = { type: 'boolean' } as const;

const meta = object({ searchSourceJSON: text });
const attributes = {
  'index-pattern': object(
    { title: text },
    {
      name: text,
      timeFieldName: text,
      fieldFormatMap: text,
      fieldAttrs: text,
      fields: text,
      runtimeFieldMap: text,
      sourceFilters: text,
      typeMeta: text,
    },
  ),
  search: object(
    { title: text, columns: { type: 'array', items: text }, kibanaSavedObjectMeta: meta },
    {
      description: words,
      sort: { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } },
      grid: { type: 'object' },
      hideChart: bool,
      isTextBasedQuery: bool,
      timeRestore: bool,
    },
  ),
  visualization: object(
    { title: text, visState: text },
    { description: words, version: { type: 'number' }, kibanaSavedObjectMeta: meta, uiStateJSON: text },
  ),
  dashboard: object(
    { title: text, panelsJSON: text },
    {
      description: words,
      kibanaSavedObjectMeta: meta,
      timeRestore: bool,
      timeFrom: text,
      timeTo: text,
      refreshInterval: object({ pause: bool, value: { type: 'number' } }),
      optionsJSON: text,
      version: { type: 'number' },
    },
  ),
} as const;

const references = { type: 'array', items: object({ name: text, type: { enum: Object.keys(attributes) }, id: text }) };

export const savedObjectSchema = {
  oneOf: Object.entries(attributes).map(([type, own]) =>
    object(
      { type: { const: type }, id: { type: 'string', pattern: '^[a-z0-9-]+$' }, attributes: own, references },
      { managed: bool, coreMigrationVersion: { const: '8.8.0' }, typeMigrationVersion: text },
    ),
  ),
} as const;

const place = { type: 'integer', minimum: 0, maximum: 48 } as const;

/** Of `panelsJSON`. */
export const panelsSchema = {
  type: 'array',
  items: object({
    type: { enum: ['visualization', 'search'] },
    panelIndex: text,
    panelRefName: text,
    title: text,
    version: text,
    gridData: object({ x: place, y: { type: 'integer', minimum: 0 }, w: place, h: place, i: text }),
    embeddableConfig: { type: 'object' },
  }),
} as const;
