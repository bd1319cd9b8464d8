import type { Indicator } from '../../model/indicator.ts';
import { type Address, networkBits, parseAddress, parseNetwork } from '../address.ts';
import { groupBy, NONE, type Table } from './table.ts';

type Networks = Map<4 | 6, Map<number, Map<number | bigint, Indicator[]>>>;

function compileNetworks(indicators: readonly Indicator[]): Networks {
  const networks: Networks = new Map();
  for (const indicator of indicators) {
    const network = parseNetwork(indicator.value);
    if (network === undefined) continue;
    const byPrefix = networks.get(network.version) ?? new Map<number, Map<number | bigint, Indicator[]>>();
    const byBits = byPrefix.get(network.prefix) ?? new Map<number | bigint, Indicator[]>();
    byBits.set(network.bits, [...(byBits.get(network.bits) ?? []), indicator]);
    byPrefix.set(network.prefix, byBits);
    networks.set(network.version, byPrefix);
  }
  return networks;
}

function findNetworks(networks: Networks, { version, bits }: Address): Indicator[] {
  const found: Indicator[] = [];
  for (const [prefix, byBits] of networks.get(version) ?? []) {
    found.push(...(byBits.get(networkBits(version, bits, prefix)) ?? NONE));
  }
  return found;
}

/** Finds an address exactly, and in each listed CIDR: one step for each prefix length that is in use. */
export function addressTable(indicators: readonly Indicator[]): Table {
  const exact = groupBy(
    indicators.filter(({ value }) => !value.includes('/')),
    ({ value }) => value,
  );
  const networks = compileNetworks(indicators.filter(({ value }) => value.includes('/')));
  return {
    indicators,
    find(value) {
      const found = exact.get(value) ?? NONE;
      if (networks.size === 0) return found;
      const address = parseAddress(value);
      const within = address === undefined ? [] : findNetworks(networks, address);
      return within.length === 0 ? found : [...found, ...within];
    },
  };
}

/** Finds `address:port`: an address table for each listed port. */
export function socketTable(indicators: readonly Indicator[]): Table {
  const byPort = new Map(
    [...Map.groupBy(indicators, ({ port }) => String(port))].map(
      ([port, group]) => [port, addressTable(group)] as const,
    ),
  );
  return {
    indicators,
    find(value) {
      const colon = value.lastIndexOf(':');
      const table = byPort.get(value.slice(colon + 1));
      if (table === undefined) return NONE;
      const address = value.slice(0, colon);
      return table.find(address.startsWith('[') ? address.slice(1, -1) : address);
    },
  };
}
