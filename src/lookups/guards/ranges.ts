import { type Network, networkBits, parseNetwork } from '../address.ts';

/** Networks, to be asked which of them share an address with another. */
export interface Ranges {
  /** The first that holds the network or lies within it. */
  overlapping(network: Network): Network | undefined;
  /** The widest that holds the network. */
  around(network: Network): Network | undefined;
}

/** Compiles the networks when they are first asked for: thousands take a while, and most runs don't ask. */
export function compileRanges(texts: readonly string[]): Ranges {
  let compiled: Ranges | undefined;
  const ranges = (): Ranges => (compiled ??= compileNow(texts));
  return {
    overlapping: (network) => ranges().overlapping(network),
    around: (network) => ranges().around(network),
  };
}

/** A step for each prefix length to find what holds a network; a walk over all of them for what lies within it. */
function compileNow(texts: readonly string[]): Ranges {
  const ranges = texts.map(parseNetwork).filter((range) => range !== undefined);
  const byStart = new Map(ranges.map((range) => [key(range, range.prefix), range]));
  const prefixes = {
    4: lengths(ranges.filter(({ version }) => version === 4)),
    6: lengths(ranges.filter(({ version }) => version === 6)),
  };

  function around(network: Network): Network | undefined {
    for (const prefix of prefixes[network.version]) {
      if (prefix > network.prefix) break;
      const range = byStart.get(key(network, prefix));
      if (range !== undefined) return range;
    }
    return undefined;
  }
  return {
    around,
    overlapping(network) {
      const holder = around(network);
      if (holder !== undefined || isSingle(network)) return holder;
      const start = key(network, network.prefix);
      return ranges.find((range) => range.prefix > network.prefix && key(range, network.prefix) === start);
    },
  };
}

function lengths(ranges: readonly Network[]): number[] {
  return [...new Set(ranges.map(({ prefix }) => prefix))].sort((a, b) => a - b);
}

function key({ version, bits }: Network, prefix: number): string {
  return `${version} ${networkBits(version, bits, prefix)}/${prefix}`;
}

/** Whether a network is one address. */
export function isSingle({ version, prefix }: Network): boolean {
  return prefix === (version === 4 ? 32 : 128);
}
