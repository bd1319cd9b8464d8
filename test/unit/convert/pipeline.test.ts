import { describe, expect, test } from '@jest/globals';
import { enrichPipeline, joinScript, MOST_BYTES, MOST_SCRIPT_BYTES } from '../../../src/convert/pipeline/pipeline.ts';
import { compile, type Tables } from '../../../src/lookups/compile.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { enrichScript } from '../../../src/setup/enrich-script.ts';
import { MINING, TODAY, tablesOf } from '../../support/tables.ts';

function pipelineOf(tables: Tables) {
  return enrichPipeline(tables, enrichScript(), { version: '1', policy: DEFAULT_POLICY, retention: 1, minScore: 1 });
}

function domains(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `pool-number-${i}.example.org`);
}

test('the script is no larger than Elasticsearch takes', () => {
  expect(Buffer.byteLength(enrichScript())).toBeLessThan(MOST_SCRIPT_BYTES);
});

test('ten thousand indicators fit, and no more than a cluster state bears', () => {
  const pipeline = pipelineOf(tablesOf({ ...MINING, domain: domains(10_000) }));
  expect(Buffer.byteLength(JSON.stringify(pipeline))).toBeLessThan(MOST_BYTES);
  expect(() => pipelineOf(tablesOf({ ...MINING, domain: domains(50_000) }))).toThrow(
    /would have \d+\.\d MB, .* bears 2 MB: leave large lookups out of it, such as test-domain \(50000\).* the worker tags/,
  );
});

test('an excepted indicator is not in it', () => {
  const { lookups } = tablesOf();
  const exception = { indicator: 'minexmr.com', reason: 'ours', expires: '2027-01-01' };
  expect(JSON.stringify(pipelineOf(compile(lookups, TODAY)))).toContain('minexmr.com');
  expect(JSON.stringify(pipelineOf(compile(lookups, TODAY, [exception])))).not.toContain('minexmr.com');
});

describe('joining the script', () => {
  test('leaves out comments and blanks, and nothing in quotes', () => {
    const files = ["/* one\n two */\nString a = ' / * , ' + x;\n", "  if (a - -1 == 2) b('\\'' , \"c\");\n\n"];
    expect(joinScript(files)).toBe("String a=' / * , ' + x;\nif(a - -1==2)b('\\'',\"c\");");
  });
});
