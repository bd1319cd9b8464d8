/** A reference of one saved object to another. */
export interface Reference {
  readonly name: string;
  readonly type: SavedObject['type'];
  readonly id: string;
}

/**
 * A saved object as Kibana exports and imports it. Source: the model versions of dashboard, search, visualization and
 * index-pattern in Kibana's repository.
 */
export interface SavedObject {
  readonly type: 'index-pattern' | 'search' | 'visualization' | 'dashboard';
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly managed: false;
  /** Kibana brings an object of an older version up to its own, and refuses one that is newer. */
  readonly coreMigrationVersion: '8.8.0';
  readonly typeMigrationVersion: string;
}

/** The oldest versions that hold what we write, so that every Kibana from 8.9 on takes it. */
const VERSIONS: Readonly<Record<SavedObject['type'], string>> = {
  'index-pattern': '8.0.0',
  search: '8.0.0',
  visualization: '8.5.0',
  dashboard: '8.9.0',
};

export function savedObject(
  type: SavedObject['type'],
  id: string,
  attributes: SavedObject['attributes'],
  references: readonly Reference[] = [],
): SavedObject {
  return {
    type,
    id,
    attributes,
    references,
    managed: false,
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: VERSIONS[type],
  };
}

/** The query of an object that asks for all. */
export const ALL = { query: { query: '', language: 'kuery' }, filter: [] } as const;
