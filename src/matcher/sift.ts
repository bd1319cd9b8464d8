import type { Tables } from '../lookups/compile.ts';
import { addressTable } from '../lookups/tables/address.ts';
import type { EventDocument } from '../model/event.ts';
import type { Policy } from '../model/policy.ts';
import { CATALOGUE, type FieldKind } from './catalogue.ts';
import { readHost } from './host.ts';
import { createPathTree, type Scalar } from './paths.ts';

/**
 * Tells quickly whether an event may match, from each of its values alone: never no where the matcher would say yes.
 * Most events end here.
 */
export interface Sifter {
  readonly tables: Tables;
  mayMatch(event: EventDocument): boolean;
}

export function createSifter(tables: Tables, policy: Policy): Sifter {
  const { port, domain, address } = tables.byKind;
  // The port of a socket stands in another field, so its address alone counts.
  const sockets = addressTable(tables.byKind.socket.indicators);
  const tree = createPathTree(
    CATALOGUE.flatMap(({ field, kind }) =>
      [field, ...(policy.fields[field] ?? [])].map((path) => [path, kind] as const),
    ),
  );

  function isListed(kind: FieldKind, value: Scalar): boolean {
    const host = readHost(kind, value);
    if (host === undefined) return false;
    if (host.name !== undefined && domain.find(host.name).length > 0) return true;
    if (host.port !== undefined && port.find(String(host.port)).length > 0) return true;
    if (host.address === undefined) return false;
    return address.find(host.address).length > 0 || sockets.find(host.address).length > 0;
  }

  const visit = (kinds: readonly FieldKind[], value: Scalar): boolean => kinds.some((kind) => isListed(kind, value));
  return { tables, mayMatch: (event) => tree.walk(event, visit) };
}
