/** What the scans of all sources come to, by source and by entity. */
import type { Severity } from '../../src/model/match.ts';
import { SEVERITIES } from '../../src/model/severity.ts';
import { markdownTable, percent } from './markdown.ts';
import { COMPOSED, type Judged, type Scanned } from './real-events.ts';

const ALERTED = SEVERITIES.filter((severity) => severity !== 'none');
const TITLES = ['source', 'mining', 'found', 'recall', 'with --learn', 'benign', 'tagged', 'share', ...ALERTED];

/** Highest severity alerted of the incident that the event is in; undefined where there was no alert. */
export function alertOf({ tagged }: Judged, { alerted }: Pick<Scanned, 'alerted'>): Severity | undefined {
  return tagged === undefined ? undefined : alerted.get(tagged.minecanary.incident.id);
}

function countsOf(scans: readonly Scanned[], learned: readonly Judged[]): (string | number)[] {
  const of = (label: string) => scans.flatMap(({ judged }) => judged.filter((one) => one.label === label));
  const [mining, benign] = [of('mining'), of('benign')];
  const [found, tagged] = [mining, benign].map((some) => some.filter((one) => one.tagged !== undefined).length);
  const alerts = scans.flatMap((scan) =>
    scan.judged.filter(({ label }) => label === 'benign').map((one) => alertOf(one, scan)),
  );
  return [
    mining.length,
    found ?? 0,
    percent(found ?? 0, mining.length),
    learned.filter(({ label, tagged: tag }) => label === 'mining' && tag !== undefined).length,
    benign.length,
    tagged ?? 0,
    percent(tagged ?? 0, benign.length, 1),
    ...ALERTED.map((severity) => alerts.filter((one) => one === severity).length),
  ];
}

/**
 * Detection by source. `learned` are the events of all sources scanned together with --learn. The columns from `low` on
 * count benign events in an incident alerted at that severity.
 */
export function detectionTable(scans: ReadonlyMap<string, Scanned>, learned: readonly Judged[]): string {
  const row = (title: string, sources: readonly string[]): (string | number)[] => {
    const some = sources.flatMap((source) => scans.get(source) ?? []);
    return [
      title,
      ...countsOf(
        some,
        learned.filter(({ source }) => sources.includes(source)),
      ),
    ];
  };
  const real = [...scans.keys()].filter((source) => source !== COMPOSED);
  return markdownTable(TITLES, [
    ...real.map((source) => row(source, [source])),
    row('**all**', real),
    row(`${COMPOSED} (not real traffic)`, [COMPOSED]),
  ]);
}

/** Who is suspected of what, and from which events: a line an incident. */
export function incidentTable(scans: ReadonlyMap<string, Scanned>): string {
  const rows = [...scans].flatMap(([source, { incidents, judged, alerted }]) =>
    incidents.map(({ id, entity, score, severity }) => {
      const events = judged.filter(({ tagged }) => tagged?.minecanary.incident.id === id);
      const mining = events.filter(({ label }) => label === 'mining').length;
      const benign = events.filter(({ label }) => label === 'benign').length;
      return [`${source}: ${entity.name}`, severity, score, alerted.get(id) ?? '', mining, benign];
    }),
  );
  return markdownTable(['entity', 'severity', 'score', 'alerted', 'mining events', 'benign events'], rows);
}
