import type { Observed } from '../matcher/observe.ts';
import type { Evidence, Match, Observable } from '../model/match.ts';

/**
 * Where to, of one match: the name, else the address, of the side that is not the entity's. A matched name or address
 * of another is that side itself. Undefined where the event names none.
 */
export function otherSide({ observable }: Match, evidence: Evidence, observed: Observed): string | undefined {
  const { entity } = evidence;
  const speaks = observable.kind === 'port' || observable.value === entity.name;
  if (!speaks) return hostOf(observable);
  const side = otherThan(evidence, observed);
  const there = observed.observables.filter((one) => one.side === side && one.value !== entity.name);
  const named = (kind: Observable['kind']) => there.find((one) => one.kind === kind && !one.field.includes('.nat.'));
  return (named('domain') ?? named('address'))?.value;
}

/** `address:port` is told with the port by its indicator; here the address alone. */
function hostOf({ kind, value }: Observable): string {
  return kind === 'socket' ? value.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') : value;
}

/** The side on which the entity's address does not stand; of others the direction decides. */
function otherThan({ entity, direction }: Evidence, { observables }: Observed): 'client' | 'server' {
  const own = observables.find(({ kind, value }) => kind === 'address' && value === entity.name)?.side;
  if (own === 'client' || own === 'server') return own === 'client' ? 'server' : 'client';
  return direction === 'inbound' ? 'client' : 'server';
}
