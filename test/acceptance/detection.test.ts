import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Severity } from '../../src/model/match.ts';
import { SEVERITIES } from '../../src/model/severity.ts';
import { ROOT, runCli } from '../support/cli.ts';
import { type Claim, falsehood, readRows } from '../support/indicator-oracle.ts';

const data = process.env.MINECANARY_REAL_DATA ?? '';
/** Real indicators in real envelopes, but no real traffic: it stands apart. */
const COMPOSED = 'composed';

interface Tagged {
  readonly threat: { readonly enrichments: readonly Claim[] };
  readonly minecanary: { readonly severity: Severity };
}

/** A line of the data with what the scan made of it. */
interface Judged {
  readonly label: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** Undefined where nothing matched. */
  readonly tagged: Tagged | undefined;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}

const TITLES = ['source', 'mining', 'found', 'recall', 'benign', 'matched', ...SEVERITIES];

function rowOf(source: string, judged: readonly Judged[]): string[] {
  const mining = judged.filter(({ label }) => label === 'mining');
  const found = mining.filter(({ tagged }) => tagged !== undefined).length;
  const benign = judged.filter(({ label }) => label === 'benign');
  const matched = benign.flatMap(({ tagged }) => (tagged === undefined ? [] : [tagged.minecanary.severity]));
  const recall = mining.length === 0 ? '' : `${Math.round((100 * found) / mining.length)} %`;
  const bySeverity = SEVERITIES.map((severity) => matched.filter((one) => one === severity).length);
  const counts = [mining.length, found, recall, benign.length, matched.length, ...bySeverity];
  return [source, ...counts.map(String)];
}

function tableOf(bySource: ReadonlyMap<string, readonly Judged[]>): string {
  const real = [...bySource].filter(([source]) => source !== COMPOSED);
  const all = real.flatMap(([, judged]) => judged);
  const apart = [...bySource].filter(([source]) => source === COMPOSED);
  const rows = [
    ...real.map(([source, judged]) => rowOf(source, judged)),
    rowOf('**all**', all),
    ...apart.map(([source, judged]) => rowOf(`${source} (not real traffic)`, judged)),
  ];
  const ruler = TITLES.map((_, i) => (i === 0 ? '---' : '---:'));
  return [TITLES, ruler, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

if (data === '') {
  test('MINECANARY_REAL_DATA is not set: nothing is scanned', () => {
    console.warn('MINECANARY_REAL_DATA is not set: detection in real events is not measured');
    expect(data).toBe('');
  });
} else {
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-'));
  const events = join(data, 'events');
  const sources = readdirSync(events)
    .filter((name) => name.endsWith('.ndjson') && !name.endsWith('.labels.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length));
  const rows = readRows(join(ROOT, 'lookups'));
  const bySource = new Map<string, readonly Judged[]>();

  describe('real events', () => {
    afterAll(() => {
      rmSync(folder, { recursive: true });
      const date = new Date().toISOString().slice(0, 10);
      process.stdout.write(`\nDetection by event, ${date} (columns from none on: benign events by severity)\n\n`);
      process.stdout.write(`${tableOf(bySource)}\n\n`);
    });

    test.each(sources)('%s: every line is read, and stays as it is but for the tag', async (source) => {
      const file = join(events, `${source}.ndjson`);
      const out = join(folder, source);
      const { code, stdout } = await runCli(['scan', file, '--out', out, '--json']);
      expect(code).toBe(0);
      const [lines, written, labels] = [linesOf(file), linesOf(out), linesOf(join(events, `${source}.labels.ndjson`))];
      expect([written.length, labels.length]).toEqual([lines.length, lines.length]);
      const judged = lines.map((line, i): Judged => {
        const { label } = JSON.parse(labels[i] ?? '') as { label: string };
        const tagged = written[i] === line ? undefined : (JSON.parse(written[i] ?? '') as Tagged);
        return { label, event: JSON.parse(line) as Judged['event'], tagged };
      });
      bySource.set(source, judged);
      const matched = judged.filter(({ tagged }) => tagged !== undefined);
      expect(JSON.parse(stdout)).toMatchObject({ seen: lines.length, matched: matched.length, unreadable: 0 });
      for (const { event, tagged } of matched) {
        const { tags: _tags, threat: _threat, minecanary: _minecanary, ...rest } = tagged as unknown as Judged['event'];
        const { tags: _own, threat: _ownThreat, minecanary: _none, ...expected } = event;
        expect(rest).toEqual(expected);
      }
    });

    test.each(sources)('%s: every match names a true indicator', (source) => {
      const wrong = (bySource.get(source) ?? []).flatMap(({ event, tagged }) => {
        if (tagged === undefined) return [];
        const ours = tagged.threat.enrichments.filter(({ matched }) => rows.has(matched?.index));
        return ours.length === 0 ? ['no enrichment'] : ours.map((claim) => falsehood(event, claim, rows));
      });
      expect(wrong.filter((one) => one !== undefined)).toEqual([]);
    });

    test.each(sources)('%s: no benign event reaches medium', (source) => {
      const alarmed = (bySource.get(source) ?? []).flatMap(({ label, tagged }, i) =>
        label === 'benign' && tagged !== undefined && SEVERITIES.indexOf(tagged.minecanary.severity) >= 2
          ? [`line ${i + 1}: ${tagged.minecanary.severity}`]
          : [],
      );
      expect(alarmed).toEqual([]);
    });
  });
}
