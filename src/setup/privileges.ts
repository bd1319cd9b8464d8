import type { Client } from '@elastic/elasticsearch';
import { sourceError, statusOf } from '../elastic/errors.ts';
import { SourceError } from '../model/errors.ts';
import type { Role } from './roles.ts';

/** What a user lacks. */
export interface Missing {
  readonly privilege: string;
  /** Names and patterns of indices; none of a privilege on the cluster. */
  readonly names: readonly string[];
}

/** Answers of a server without security, or of one that lets nobody ask. */
const NOT_TOLD = [400, 403, 404, 405];

/** What of a role the user lacks; undefined where the server does not tell. */
export async function missingOf(client: Client, { cluster, indices }: Role): Promise<Missing[] | undefined> {
  try {
    const found = await client.security.hasPrivileges({
      cluster: [...cluster],
      index: indices.map(({ names, privileges }) => ({ names: [...names], privileges: [...privileges] })),
    });
    const onIndices = indices.flatMap(({ names, privileges }) =>
      privileges.map((privilege) => ({
        privilege,
        names: names.filter((name) => found.index[name]?.[privilege] !== true),
      })),
    );
    return [
      ...cluster
        .filter((privilege) => found.cluster[privilege] !== true)
        .map((privilege) => ({ privilege, names: [] })),
      ...onIndices.filter(({ names }) => names.length > 0),
    ];
  } catch (error) {
    if (NOT_TOLD.includes(statusOf(error) ?? 0)) return undefined;
    throw sourceError('Reading the privileges of the user', error);
  }
}

/**
 * Of what a pattern names, Elasticsearch hides the indices that a user may not use: what can't be read would count as
 * read. So the privileges on patterns are asked for before the work; others fail by themselves.
 *
 * @throws SourceError (`privileges_missing`) that names all that are missing.
 */
export async function requirePrivileges(client: Client, role: Role): Promise<void> {
  const missing = (await missingOf(client, role)) ?? [];
  if (!missing.some(({ names }) => names.some((name) => name.includes('*')))) return;
  const told = missing.map(({ privilege, names }) =>
    names.length === 0 ? privilege : `${privilege} on ${names.join(', ')}`,
  );
  throw new SourceError(
    `Privileges are missing, without which much would look empty: ${told.join('; ')}. ` +
      'Give the role these; `minecanary setup --print-roles` prints all that is needed.',
    { code: 'privileges_missing' },
  );
}
