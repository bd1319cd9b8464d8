import { loadConfig } from '../../src/config/load.ts';
import { rolesFor, rolesText } from '../../src/setup/roles.ts';

/** deploy/elasticsearch/roles.json: the roles for the default source. */
export function rolesFile(): string {
  return rolesText(rolesFor(loadConfig({ env: {} }).sources));
}
