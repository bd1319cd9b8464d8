/** Writes the files of this checkout that are made from others: `node scripts/generate.ts`. */
import { writeFileSync } from 'node:fs';
import { savedObjectsText } from '../src/convert/kibana/saved-objects.ts';
import { configurationPage } from './generate/configuration.ts';
import { fieldsPage } from './generate/fields.ts';
import { writeHunts } from './generate/hunts.ts';
import { rulesFile as kibanaRulesFile } from './generate/kibana-rules.ts';
import { operationsPage } from './generate/operations.ts';
import { pipelineFile } from './generate/pipeline.ts';
import { rolesFile } from './generate/roles.ts';

/** Path in the checkout, and what makes its content. */
const GENERATED: readonly (readonly [path: string, content: () => string | Promise<string>])[] = [
  ['deploy/elasticsearch/roles.json', rolesFile],
  ['docs/CONFIGURATION.md', configurationPage],
  ['docs/FIELDS.md', fieldsPage],
  ['docs/OPERATIONS.md', operationsPage],
  ['kibana/minecanary.ndjson', savedObjectsText],
  ['kibana/rules.ndjson', kibanaRulesFile],
  ['pipelines/minecanary-enrich.json', pipelineFile],
];

for (const [path, content] of GENERATED) writeFileSync(path, await content());
await writeHunts();
