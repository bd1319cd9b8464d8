import { loadConfig } from '../../src/config/load.ts';
import { loadLookups } from '../../src/feeds/load.ts';
import { lookupIndices } from '../../src/setup/lookup-indices.ts';
import { rolesFor, rolesText } from '../../src/setup/roles.ts';

/** deploy/elasticsearch/roles.json: the roles for the default source and the shipped lookups. */
export async function rolesFile(): Promise<string> {
  const config = loadConfig({ env: {} });
  return rolesText(rolesFor(config.sources, lookupIndices(await loadLookups(config))));
}
