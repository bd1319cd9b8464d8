import { DASHBOARD_OBJECTS } from './dashboard.ts';
import { DATA_VIEWS } from './data-views.ts';
import type { SavedObject } from './object.ts';
import { SAVED_SEARCHES } from './searches.ts';

/** Data views, saved searches, panels and dashboard: what is referred to comes first. */
export const SAVED_OBJECTS: readonly SavedObject[] = [...DATA_VIEWS, ...SAVED_SEARCHES, ...DASHBOARD_OBJECTS];

/** NDJSON, as Kibana exports and imports saved objects. */
export function savedObjectsText(): string {
  return SAVED_OBJECTS.map((object) => `${JSON.stringify(object)}\n`).join('');
}
