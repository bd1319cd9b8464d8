import { addressTable } from '../../lookups/tables/address.ts';
import { domainTable } from '../../lookups/tables/domain.ts';
import { urlHost } from '../../lookups/tables/url.ts';
import { indicatorName } from '../../model/indicator.ts';
import type { Observable } from '../../model/match.ts';
import { missOf } from './names.ts';
import { type NearMiss, type Search, tableOver } from './near-miss.ts';

const MOST_PORTS = 3;
/** URLs listed at one host, such as github.com, that are told. */
const MOST_URLS = 3;

/** Addresses that are listed with another port. */
export function* socketMisses({ observed, tables, matched }: Search): Generator<NearMiss> {
  const { observables } = observed;
  const table = addressTable(tables.byKind.socket.indicators);
  const ports = observables.filter(({ kind }) => kind === 'port');
  const sockets = observables.filter(({ kind }) => kind === 'socket').map(({ value }) => value);
  for (const address of observables) {
    if (address.kind !== 'address') continue;
    for (const indicator of table.find(address.value)) {
      if (matched.has(indicator)) continue;
      const name = indicatorName(indicator);
      const other = ports.find(({ value, side }) => value === String(indicator.port) && side !== address.side);
      const here = portsOf(address.value, sockets);
      if (other !== undefined) {
        const why = `listed as ${name}; that port stands on the other side, in ${other.field}`;
        yield missOf(address, indicator, 'side', why);
      } else {
        const but = here.length === 0 ? 'no port is told of it' : `the port is ${here.join(', ')}`;
        yield missOf(address, indicator, 'port', `listed as ${name}; ${but}`);
      }
    }
  }
}

function portsOf(address: string, sockets: readonly string[]): string[] {
  const start = address.includes(':') ? `[${address}]:` : `${address}:`;
  const found = sockets.filter((socket) => socket.startsWith(start)).map((socket) => socket.slice(start.length));
  return found.length > MOST_PORTS ? [...found.slice(0, MOST_PORTS), '…'] : found;
}

/** Hosts of listed URLs, beside another path or none. */
export function* urlMisses({ observed, tables }: Search): Generator<NearMiss> {
  const { observables } = observed;
  const hosts = tableOver(
    tables.byKind.url.indicators,
    (indicator) => ({ ...indicator, value: urlHost(indicator.value) }),
    domainTable,
  );
  if (hosts.indicators.length === 0) return;
  const withPath = new Set(observables.filter(({ kind }) => kind === 'url').map(({ value }) => urlHost(value)));
  for (const observable of observables) {
    const host = hostOf(observable);
    if (host === undefined || (observable.kind !== 'url' && withPath.has(host))) continue;
    const found = new Set(tables.byKind.url.find(observable.value));
    const others = hosts.find(host).filter((indicator) => !found.has(indicator));
    for (const indicator of others.slice(0, MOST_URLS)) {
      const more = others.length > MOST_URLS ? `, one of ${others.length} there` : '';
      const listed = `listed as ${indicator.value}${more}`;
      if (observable.kind === 'url') {
        yield missOf(observable, indicator, 'path', `${listed}; the path is another`);
      } else if (observable.side === 'client') {
        yield missOf(observable, indicator, 'side', `${listed}; the host of a URL is a server`);
      } else {
        yield missOf(observable, indicator, 'path', `${listed}; no path is told`);
      }
    }
  }
}

function hostOf({ kind, value }: Observable): string | undefined {
  if (kind === 'url') return urlHost(value);
  return kind === 'domain' || kind === 'address' ? value : undefined;
}
