import type { Tables } from '../lookups/compile.ts';
import { addressTable } from '../lookups/tables/address.ts';
import type { Policy } from '../model/policy.ts';
import { createObserver } from './observe.ts';

/** Tells from a single value whether an event that holds it may match: never no where the matcher would say yes. */
export interface Sifter {
  readonly tables: Tables;
  /** @param path the field as the source has it. */
  couldMatch(path: string, value: string): boolean;
}

export function createSifter(tables: Tables, policy: Policy): Sifter {
  const observe = createObserver(policy);
  // The port of a socket stands in another field.
  const sockets = addressTable(tables.byKind.socket.indicators);
  return {
    tables,
    couldMatch: (path, value) =>
      observe({ [path]: value }).observables.some(
        (observable) =>
          tables.byKind[observable.kind].find(observable.value).length > 0 ||
          (observable.kind === 'address' && sockets.find(observable.value).length > 0),
      ),
  };
}
