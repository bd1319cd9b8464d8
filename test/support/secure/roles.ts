/** The roles that are tested, and variants of them, each without one privilege. */
import { join } from 'node:path';
import { type Role, type RoleName, rolesFor } from '../../../src/setup/roles.ts';

/** Sources of the tests: one is tagged, one only read. */
export const TAGGED = 'events-*';
export const UNTAGGED = 'silent-*';

/** Folder of the lookups that setup makes indices of. */
export const LOOKUPS = join(import.meta.dirname, 'lookups');
export const JOINED = 'test-domain, test-port';

export const ROLES = rolesFor(
  [
    { index: [TAGGED], tag: true },
    { index: [UNTAGGED], tag: false },
  ],
  JOINED.split(', '),
);

/** A role that lacks one privilege, on the cluster or on one block's indices. */
export interface Variant {
  readonly name: string;
  /** `read on events-*`, `manage_index_templates`. */
  readonly lacks: string;
  readonly role: Role;
}

/** All variants of a role, in the order of its privileges. */
export function variantsOf(name: RoleName): readonly Variant[] {
  const role = ROLES[name];
  const found: Omit<Variant, 'name'>[] = role.cluster.map((lacking) => ({
    lacks: lacking,
    role: { ...role, cluster: role.cluster.filter((one) => one !== lacking) },
  }));
  for (const [i, { names, privileges }] of role.indices.entries()) {
    for (const lacking of privileges) {
      const rest = { names, privileges: privileges.filter((one) => one !== lacking) };
      const indices = role.indices.flatMap((block, k) =>
        k !== i ? [block] : rest.privileges.length > 0 ? [rest] : [],
      );
      found.push({ lacks: `${lacking} on ${names.join(', ')}`, role: { ...role, indices } });
    }
  }
  return found.map((variant, i) => ({ name: `${name}_${i}`, ...variant }));
}

/** Every role that the server of the tests knows, by name. */
export function allRoles(): Record<string, Role> {
  const variants = [...variantsOf('minecanary_worker'), ...variantsOf('minecanary_setup')];
  return { ...ROLES, ...Object.fromEntries(variants.map(({ name, role }) => [name, role])) };
}
