import { policyOf } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { VERSION } from '../../src/config/version.ts';
import { enrichPipeline } from '../../src/convert/pipeline/pipeline.ts';
import { loadLookups } from '../../src/feeds/load.ts';
import { compile } from '../../src/lookups/compile.ts';
import { DEFAULT_POLICY } from '../../src/model/policy.ts';
import { enrichScript } from '../../src/setup/enrich-script.ts';

/**
 * pipelines/minecanary-enrich.json: the pipeline of the shipped lookups under the default configuration. What had
 * expired on the day the newest lookup was updated is left out, so that the same lookups always give the same file.
 */
export async function pipelineFile(): Promise<string> {
  const config = loadConfig({ env: {} });
  const lookups = await loadLookups(config.lookups);
  const newest = lookups.map(({ updated }) => updated).reduce((a, b) => (a > b ? a : b));
  const pipeline = enrichPipeline(compile(lookups, newest), enrichScript(), {
    version: VERSION,
    policy: policyOf(config, DEFAULT_POLICY),
    retention: config.retention,
    minScore: config.tags.min_score,
  });
  return `${JSON.stringify(pipeline, null, 1)}\n`;
}
