import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atLeast } from '../../src/model/severity.ts';
import {
  COMPOSED,
  describeReal,
  type Judged,
  placeOf,
  type Scanned,
  scanSource,
  scanTogether,
  sourcesOf,
} from './real-events.ts';
import { alertOf, detectionTable, incidentTable } from './summary.ts';

const MOST_BENIGN_TAGGED = 0.01;

function named({ source, line, tagged }: Judged): string {
  return `${source} line ${line}${tagged === undefined ? '' : `: ${tagged.minecanary.severity} ${tagged.minecanary.score}`}`;
}

describeReal('detection in real events', (data) => {
  const sources = sourcesOf(data);
  const scans = new Map<string, Scanned>();
  let together: Scanned;
  const scanOf = (source: string): Scanned => {
    const scan = scans.get(source);
    if (scan === undefined) throw new Error(`${source} was not scanned.`);
    return scan;
  };
  const labelled = (source: string, label: Judged['label']): Judged[] =>
    scanOf(source).judged.filter((one) => one.label === label);

  beforeAll(async () => {
    for (const source of sources) scans.set(source, await scanSource(data, source));
    together = await scanTogether(data, sources, ['--learn']);
  });

  afterAll(() => {
    const date = new Date().toISOString().slice(0, 10);
    process.stdout.write(
      `\nDetection by event, ${date} (from low on: benign events in incidents alerted at that severity)\n\n` +
        `${detectionTable(scans, together.judged)}\n\nIncidents\n\n${incidentTable(scans)}\n\n`,
    );
  });

  test.each(['dns', 'ids'])('%s: all mining is found', (source) => {
    const missed = labelled(source, 'mining').filter(({ tagged }) => tagged === undefined);
    expect(missed.map(named)).toEqual([]);
  });

  test.each(sources)('%s: no benign event reaches medium, nor an incident alerted at medium', (source) => {
    const alarmed = labelled(source, 'benign').filter((one) => {
      const alert = alertOf(one, scanOf(source));
      return atLeast(one.tagged?.minecanary.severity ?? 'none', 'medium') || atLeast(alert ?? 'none', 'medium');
    });
    expect(alarmed.map(named)).toEqual([]);
  });

  test('less than 1 % of benign events is tagged', () => {
    const benign = sources.filter((source) => source !== COMPOSED).flatMap((source) => labelled(source, 'benign'));
    const tagged = benign.filter((one) => one.tagged !== undefined);
    expect(benign.length).toBeGreaterThan(0);
    expect(tagged.length / benign.length).toBeLessThan(MOST_BENIGN_TAGGED);
  });

  test.each(sources)(
    '%s: an entity with mining evidence of 73 or more is in an incident of high or above',
    (source) => {
      const { incidents } = scanOf(source);
      const strong = labelled(source, 'mining').filter(({ tagged }) => (tagged?.minecanary.score ?? 0) >= 73);
      const low = strong.filter(({ tagged }) => {
        const incident = incidents.find(({ id }) => id === tagged?.minecanary.incident.id);
        return incident === undefined || !atLeast(incident.severity, 'high');
      });
      expect(low.map(named)).toEqual([]);
      const silent = strong.filter((one) => !atLeast(alertOf(one, scanOf(source)) ?? 'none', 'high'));
      expect(silent.map(named)).toEqual([]);
    },
  );

  test('learned addresses lose nothing that is found without them, and alarm no benign event', () => {
    const found = sources.flatMap((source) => scanOf(source).judged).filter(({ tagged }) => tagged !== undefined);
    const kept = new Set(together.judged.filter(({ tagged }) => tagged !== undefined).map(placeOf));
    expect(found.filter((one) => !kept.has(placeOf(one))).map(named)).toEqual([]);
    const alarmed = together.judged.filter(
      (one) => one.label === 'benign' && atLeast(alertOf(one, together) ?? 'none', 'medium'),
    );
    expect(alarmed.map(named)).toEqual([]);
  });
});
