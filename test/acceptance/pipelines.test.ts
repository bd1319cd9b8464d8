import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadLookups } from '../../src/feeds/load.ts';
import { compile } from '../../src/lookups/compile.ts';
import { createMatcher, type Matcher } from '../../src/matcher/match.ts';
import { ROOT } from '../support/cli.ts';
import { differences, indexed, pipelineOf, simulate } from '../support/ingest.ts';
import { type IngestEngine, startIngestEngine } from '../support/ingest-engine/engine.ts';

const data = process.env['MINECANARY_REAL_DATA'] ?? '';

if (data === '') {
  test('MINECANARY_REAL_DATA is not set: nothing is ingested', () => {
    console.warn('MINECANARY_REAL_DATA is not set: ingest of real events is not compared with the matcher');
    expect(data).toBe('');
  });
} else {
  const events = join(data, 'events');
  const sources = readdirSync(events)
    .filter((name) => name.endsWith('.ndjson') && !name.endsWith('.labels.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length));
  let engine: IngestEngine;
  let matcher: Matcher;
  let tagged = 0;

  describe('real events become at ingest what the matcher makes of them', () => {
    beforeAll(async () => {
      engine = await startIngestEngine();
      const tables = compile(await loadLookups([join(ROOT, 'lookups')]), '2026-11-24');
      matcher = createMatcher(tables);
      await engine.ask('PUT', '/_ingest/pipeline/real', pipelineOf(tables));
    });
    afterAll(() => engine.stop());

    test.each(sources)('%s, simulated and indexed', async (source) => {
      const lines = readFileSync(join(events, `${source}.ndjson`), 'utf8')
        .trimEnd()
        .split('\n');
      for (const ingest of [simulate, indexed]) {
        const result = differences(lines, await ingest(engine, 'real', lines), matcher);
        expect(result.wrong).toEqual([]);
        expect([...result.left]).toEqual([]);
        tagged += result.tagged;
      }
    });

    test('some of them are tagged', () => {
      expect(tagged).toBeGreaterThan(100);
    });
  });
}
