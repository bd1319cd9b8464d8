import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/cli.ts';
import { falsehood, readRows } from '../support/indicator-oracle.ts';
import { describeReal, type Judged, type Scanned, scanSource, sourcesOf } from './real-events.ts';

describeReal('scans of real events', (data) => {
  const sources = sourcesOf(data);
  const rows = readRows(join(ROOT, 'lookups'));
  const scans = new Map<string, Scanned>();
  const judgedOf = (source: string): readonly Judged[] => scans.get(source)?.judged ?? [];

  test.each(sources)('%s: every line is read, and stays as it is but for the tag', async (source) => {
    const scanned = await scanSource(data, source);
    scans.set(source, scanned);
    const { judged, written, code, counts } = scanned;
    expect(code).toBe(0);
    expect(written.length).toBe(judged.length);
    const matched = judged.filter(({ tagged }) => tagged !== undefined);
    expect(counts).toMatchObject({ seen: judged.length, matched: matched.length, unreadable: 0 });
    for (const { event, tagged } of matched) {
      const { tags: _tags, threat: _threat, minecanary: _minecanary, ...rest } = tagged as unknown as Judged['event'];
      const { tags: _own, threat: _ownThreat, minecanary: _none, ...expected } = event;
      expect(rest).toEqual(expected);
    }
  });

  test.each(sources)('%s: every match names a true indicator', (source) => {
    const wrong = judgedOf(source).flatMap(({ event, tagged, line }) => {
      if (tagged === undefined) return [];
      const ours = tagged.threat.enrichments.filter(({ matched }) => rows.has(matched?.index));
      if (ours.length === 0) return [`line ${line}: no enrichment`];
      return ours.flatMap((claim) => {
        const reason = falsehood(event, claim, rows);
        return reason === undefined ? [] : [`line ${line}: ${reason}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});
