import { compile } from '../../lookups/compile.ts';
import { indicatorName } from '../../model/indicator.ts';
import { isClientPort, speaksOf } from '../match.ts';
import type { NearMiss, Search } from './near-miss.ts';

/** Values that are listed and yet left out: of another transport, a client's port, excepted, or expired. */
export function* listedMisses({ observed, context, tables, policy, matched }: Search): Generator<NearMiss> {
  const live = new Set(Object.values(tables.byKind).flatMap(({ indicators }) => indicators));
  const gone = tables.lookups.map((lookup) => ({
    ...lookup,
    indicators: lookup.indicators.filter((one) => one.expires !== undefined && !live.has(one)),
  }));
  const expired = compile(gone, '').byKind;
  for (const observable of observed.observables) {
    const { kind, value, field, side } = observable;
    for (const indicator of tables.byKind[kind].find(value)) {
      const at = { value, field, side, indicator };
      if (!speaksOf(indicator, observed)) {
        const told = [...new Set(observed.context('transport').map(String))].join(', ');
        yield { ...at, reason: 'transport', why: `the row is of ${indicator.transport}, the event of ${told}` };
      } else if (policy.ports.client === 'ignore' && isClientPort({ observable }, context)) {
        yield { ...at, reason: 'client-port', why: "`ports.client` is `ignore`: a client's port does not count" };
      } else if (!matched.has(indicator)) {
        const reason = tables.exceptions.exceptedMatch({ indicator });
        if (reason !== undefined) yield { ...at, reason: 'excepted', why: `excepted: ${reason}` };
      }
    }
    for (const indicator of expired[kind].find(value)) {
      const why = `${indicatorName(indicator)} was listed up to ${indicator.expires}`;
      yield { value, field, side, indicator, reason: 'expired', why };
    }
  }
}
