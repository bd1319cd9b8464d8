import type { Client } from '@elastic/elasticsearch';
import { type Missing, missingOf } from '../privileges.ts';
import { type Role, type RoleSource, rolesFor } from '../roles.ts';
import { areaOf, type Check } from './check.ts';

const { ok, warning, failed } = areaOf('privileges');
const TODO = 'Give the user a role with it: `minecanary setup --print-roles` prints all that is needed.';

/**
 * The privileges of worker and setup, one by one.
 *
 * @param joined names of the lookups' indices, without which the worker does.
 */
export async function checkPrivileges(
  client: Client,
  sources: readonly RoleSource[],
  joined: readonly string[],
): Promise<Check[]> {
  const { minecanary_worker: worker, minecanary_setup: setup } = rolesFor(sources, joined);
  const [forWork, forSetup] = [await missingOf(client, worker), await missingOf(client, setup)];
  if (forWork === undefined || forSetup === undefined) {
    return [
      warning(
        'security is off, or not told of: whoever reaches Elasticsearch may read and change everything',
        'Turn security on, and give the worker an API key with the role that `minecanary setup --print-roles` prints.',
      ),
    ];
  }
  const lacking = forSetup.map((missing) =>
    warning(`setup: ${named(missing)} is missing`, `Without it \`minecanary setup\` needs another user. ${TODO}`),
  );
  return [
    ...privilegesOf(worker).map((privilege) => workCheck(privilege, forWork, joined)),
    ...(lacking.length > 0 ? lacking : [ok('setup: all that it needs')]),
  ];
}

function workCheck(privilege: Missing, missing: readonly Missing[], joined: readonly string[]): Check {
  const lacking = missing.find((one) => one.privilege === privilege.privilege && isPart(one, privilege));
  if (lacking === undefined) return ok(`worker: ${named(privilege)}`);
  const what = `worker: ${named(lacking)} is missing`;
  if (!lacking.names.every((name) => joined.includes(name))) return failed(what, TODO);
  return warning(what, `Without it these indices are as old as the last \`minecanary setup\`. ${TODO}`);
}

function isPart(one: Missing, whole: Missing): boolean {
  return one.names.every((name) => whole.names.includes(name));
}

function privilegesOf({ cluster, indices }: Role): Missing[] {
  return [
    ...cluster.map((privilege) => ({ privilege, names: [] })),
    ...indices.flatMap(({ names, privileges }) => privileges.map((privilege) => ({ privilege, names }))),
  ];
}

function named({ privilege, names }: Missing): string {
  return names.length === 0 ? privilege : `${privilege} on ${names.join(', ')}`;
}
