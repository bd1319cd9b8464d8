import { loadConfig } from '../../src/config/load.ts';
import { rulesText } from '../../src/convert/kibana/rules.ts';
import { loadLookups } from '../../src/feeds/load.ts';

/** kibana/rules.ndjson: detection rules, with the ports of the shipped lookups. */
export async function rulesFile(): Promise<string> {
  return rulesText(await loadLookups(loadConfig({ env: {} }).lookups));
}
