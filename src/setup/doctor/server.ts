import type { Client, estypes } from '@elastic/elasticsearch';
import { reasonOf, refusalOfError, sourceError, statusOf } from '../../elastic/errors.ts';
import { areaOf, type Check } from './check.ts';

const { ok, warning, failed, failedBy } = areaOf('elasticsearch');

/** What an older version answers to the headers of this one. */
const OLD = /Accept version must be/;

export interface ServerChecks {
  readonly checks: readonly Check[];
  /** Whether the others can be made. */
  readonly reached: boolean;
}

/** Whether Elasticsearch can be reached, which one it is, how it feels, and what its licence allows. */
export async function checkServer(client: Client): Promise<ServerChecks> {
  try {
    const version = await readVersion(client);
    const others = [await checkHealth(client), await checkLicence(client)];
    return { reached: true, checks: [versionCheck(version), ...others.filter((check) => check !== undefined)] };
  } catch (error) {
    if (OLD.test(reasonOf(error))) return { reached: false, checks: [versionCheck('8')] };
    return { reached: false, checks: [failedBy(sourceError('Asking Elasticsearch', error))] };
  }
}

/** Undefined where the user may not ask. */
async function readVersion(client: Client): Promise<string | undefined> {
  try {
    return (await client.info()).version.number;
  } catch (error) {
    if (refusalOfError(error) === 'retryable' || statusOf(error) === 401) throw error;
    const { nodes } = await client.nodes.info({ node_id: '_local' }, { ignore: [403] });
    return Object.values(nodes ?? {})[0]?.version;
  }
}

/** Versions on which all is tested: docs/COMPATIBILITY.md. */
export function versionCheck(version: string | undefined): Check {
  if (version === undefined) return ok('it answers; its version is not told with these privileges');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 9 || (major === 8 && minor === 19)) return ok(`it answers, version ${version}`);
  const todo = major > 9 ? 'Update minecanary.' : 'Update Elasticsearch to 9.x.';
  return failed(`version ${version}: minecanary knows 9.x and 8.19`, todo);
}

async function checkHealth(client: Client): Promise<Check | undefined> {
  const health = await untold(client.cluster.health());
  if (health?.status !== 'red') return undefined;
  return failed(
    `the cluster is red: ${health.unassigned_primary_shards} primary shards are missing, and what they hold can't be read`,
    'Bring them back; passes over their indices fail until then.',
  );
}

async function checkLicence(client: Client): Promise<Check | undefined> {
  const answer = await untold(client.license.get());
  return answer === undefined ? undefined : licenceCheck(answer.license);
}

/** What minecanary needs is in the basic licence. */
export function licenceCheck({ type, status }: Pick<estypes.LicenseGetLicenseInformation, 'type' | 'status'>): Check {
  if (status === 'active') {
    return ok(`licence ${type}, active: all that minecanary uses is in the basic licence`);
  }
  return warning(
    `the licence ${type} is ${status}`,
    'Renew it, or go back to basic: without one Elasticsearch refuses statistics, and parts of security and ES|QL.',
  );
}

/** Undefined where the server, or its security, does not tell. */
async function untold<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (refusalOfError(error) === 'retryable') throw error;
    return undefined;
  }
}
