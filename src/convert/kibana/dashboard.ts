import { SEARCH } from './names.ts';
import { ALL, type Reference, type SavedObject, savedObject } from './object.ts';
import { EVIDENCE_KINDS, TOP_INDICATORS } from './panels/evidence.ts';
import { INCIDENTS_BY_SEVERITY, TOP_ENTITIES } from './panels/incidents.ts';
import { FAILURES, LAG } from './panels/ledger.ts';
import { PORTS_BY_SIDE } from './panels/ports.ts';
import type { Panel } from './panels/spec.ts';
import { EVENTS_OVER_TIME } from './panels/time.ts';

export const DASHBOARD = 'minecanary-dashboard';

/** Left edge, width and height; a dashboard has 48 columns. Panels lie in rows, one after the other. */
type Place = readonly [x: number, width: number, height: number];

const ROWS: readonly (readonly (readonly [Panel | string, Place])[])[] = [
  [
    [INCIDENTS_BY_SEVERITY, [0, 16, 12]],
    [TOP_ENTITIES, [16, 32, 12]],
  ],
  [[SEARCH.incidents, [0, 48, 16]]],
  [[EVENTS_OVER_TIME, [0, 48, 12]]],
  [
    [TOP_INDICATORS, [0, 20, 13]],
    [PORTS_BY_SIDE, [20, 14, 13]],
    [EVIDENCE_KINDS, [34, 14, 13]],
  ],
  [
    [LAG, [0, 28, 10]],
    [FAILURES, [28, 20, 10]],
  ],
];

export const PANELS: readonly Panel[] = ROWS.flat().flatMap(([what]) => (typeof what === 'string' ? [] : [what]));

function idOf({ name }: Panel): string {
  return `minecanary-panel-${name}`;
}

const VISUALIZATIONS: readonly SavedObject[] = PANELS.map((panel) => {
  const { title, description, spec } = panel;
  const named = `minecanary: ${title}`;
  return savedObject('visualization', idOf(panel), {
    title: named,
    description,
    visState: JSON.stringify({
      title: named,
      type: 'vega',
      aggs: [],
      params: { spec: JSON.stringify(spec, undefined, 2) },
    }),
    uiStateJSON: '{}',
    version: 1,
    kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(ALL) },
  });
});

function dashboard(): SavedObject {
  let y = 0;
  const references: Reference[] = [];
  const panels: unknown[] = [];
  for (const row of ROWS) {
    for (const [what, [x, w, h]] of row) {
      const [type, id, title] =
        typeof what === 'string'
          ? (['search', what, 'Incidents: the id leads to the evidence'] as const)
          : (['visualization', idOf(what), what.title] as const);
      const panelRefName = `panel_${id}`;
      references.push({ name: `${id}:${panelRefName}`, type, id });
      panels.push({
        type,
        panelIndex: id,
        panelRefName,
        title,
        gridData: { x, y, w, h, i: id },
        embeddableConfig: { enhancements: {} },
        version: '8.9.0',
      });
    }
    y += Math.max(...row.map(([, [, , height]]) => height));
  }
  const options = {
    useMargins: true,
    syncColors: false,
    syncCursor: true,
    syncTooltips: false,
    hidePanelTitles: false,
  };
  return savedObject(
    'dashboard',
    DASHBOARD,
    {
      title: 'minecanary: cryptomining',
      description: 'Incidents and evidence of cryptomining (MITRE ATT&CK T1496.001), and how far minecanary is.',
      panelsJSON: JSON.stringify(panels),
      optionsJSON: JSON.stringify(options),
      timeRestore: true,
      timeFrom: 'now-7d/d',
      timeTo: 'now',
      refreshInterval: { pause: true, value: 60_000 },
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(ALL) },
      version: 1,
    },
    references,
  );
}

/** The dashboard with its panels. */
export const DASHBOARD_OBJECTS: readonly SavedObject[] = [...VISUALIZATIONS, dashboard()];
