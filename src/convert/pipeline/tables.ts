import { networkBits, parseNetwork } from '../../lookups/address.ts';
import { urlHost } from '../../lookups/tables/url.ts';
import { type Indicator, indicatorName, type Kind } from '../../model/indicator.ts';

/** The indicators that count, of every kind, in the order of the lookups. */
export type Indicators = Readonly<Record<Kind, readonly Indicator[]>>;

type NumberOf = (indicator: Indicator) => number;

/** Numbers of indicators, by what they are found under. */
type Listed = Record<string, number[]>;

/** Networks of one prefix length; `rows` by what all of a network's addresses share. */
export interface Networks {
  readonly version: 4 | 6;
  readonly prefix: number;
  /** Of sockets. */
  readonly port?: string;
  readonly rows: Listed;
}

/** The tables as the ingest script asks them, `find` in tables.painless. */
export type ScriptTables = Readonly<Record<string, unknown>>;

function group(indicators: readonly Indicator[], numberOf: NumberOf, keyOf: (indicator: Indicator) => string): Listed {
  const groups = new Map<string, number[]>();
  for (const indicator of indicators) {
    const key = keyOf(indicator);
    groups.set(key, [...(groups.get(key) ?? []), numberOf(indicator)]);
  }
  return Object.fromEntries(groups);
}

/** What all addresses of a network share, as `networkKey` in address.painless writes it. */
function networkKey(version: 4 | 6, bits: number | bigint, prefix: number): string {
  if (version === 4) return String(Math.floor(Number(bits) / 2 ** (32 - prefix)));
  const kept = BigInt(networkBits(6, bits, prefix));
  const parts = Array.from({ length: Math.ceil(prefix / 16) }, (_, i) => (kept >> BigInt(112 - 16 * i)) & 0xffffn);
  return parts.map((part) => `${part.toString(16)}:`).join('');
}

/** @param portOf networks of different ports stand apart. */
export function networksOf<T>(
  rows: readonly (readonly [network: string, row: T])[],
  numberOf: (row: T) => number,
  portOf: (row: T) => string | undefined = () => undefined,
): Networks[] {
  const groups = new Map<string, Networks>();
  for (const [text, row] of rows) {
    const network = parseNetwork(text);
    if (network === undefined) continue;
    const { version, prefix, bits } = network;
    const port = portOf(row);
    const name = `${version} ${prefix} ${port}`;
    const found = groups.get(name) ?? { version, prefix, ...(port === undefined ? {} : { port }), rows: {} };
    groups.set(name, found);
    (found.rows[networkKey(version, bits, prefix)] ??= []).push(numberOf(row));
  }
  return [...groups.values()];
}

function isNetwork({ value }: Indicator): boolean {
  return value.includes('/');
}

function addressTable(indicators: readonly Indicator[], numberOf: NumberOf): unknown {
  const exact = indicators.filter((indicator) => !isNetwork(indicator));
  const networks = indicators.filter(isNetwork).map((indicator) => [indicator.value, indicator] as const);
  return {
    exact: group(exact, numberOf, indicatorName),
    networks: networksOf(networks, numberOf, ({ port }) => (port === undefined ? undefined : String(port))),
  };
}

/** Every address that may match somehow, for the sift: the port of a socket and the path of a URL stand elsewhere. */
function anyAddress({ address, socket, url }: Indicators): unknown {
  const listed = [...address, ...socket];
  const exact = [
    ...listed.filter((indicator) => !isNetwork(indicator)).map(({ value }) => value),
    ...url.map(({ value }) => urlHost(value)),
  ];
  const networks = listed.filter(isNetwork).map(({ value }) => [value, 0] as const);
  return { exact: Object.fromEntries(exact.map((value) => [value, 0])), networks: networksOf(networks, () => 0) };
}

/** The last two labels of every listed name, for the sift. */
function tails({ domain, url }: Indicators): unknown {
  const names = [...domain.map(({ value }) => value), ...url.map(({ value }) => urlHost(value))];
  return Object.fromEntries(names.map((name) => [name.split('.').slice(-2).join('.'), 0]));
}

function globs(indicators: readonly Indicator[], numberOf: NumberOf): unknown {
  return indicators.map((indicator) => {
    const pieces = indicator.value.toLowerCase().split('*');
    const longest = pieces.reduce((most, piece) => (piece.length > most.length ? piece : most));
    const excludes = (indicator.excludes ?? []).map((text) => text.toLowerCase());
    return { longest, pieces, excludes, row: numberOf(indicator) };
  });
}

/** Pairs of what is asked besides the key, and the indicator's number. */
function pairs(
  indicators: readonly Indicator[],
  keyOf: (indicator: Indicator) => string,
  pairOf: (indicator: Indicator) => readonly [asked: string | readonly string[], number: number],
): unknown {
  const groups = Object.groupBy(indicators, keyOf);
  return Object.fromEntries(Object.entries(groups).map(([key, some = []]) => [key, some.map(pairOf)]));
}

const TABLE_OF: Readonly<Record<Kind, (indicators: readonly Indicator[], numberOf: NumberOf) => unknown>> = {
  port: (indicators, numberOf) => group(indicators, numberOf, ({ value }) => value),
  domain: (indicators, numberOf) => group(indicators, numberOf, ({ value }) => value),
  address: addressTable,
  socket: addressTable,
  url: (indicators, numberOf) =>
    pairs(
      indicators,
      ({ value }) => urlHost(value),
      (indicator) => [indicator.value.slice(urlHost(indicator.value).length), numberOf(indicator)],
    ),
  process: (indicators, numberOf) => group(indicators, numberOf, ({ value }) => value),
  'command-line': globs,
  'user-agent': globs,
  signature: globs,
  payload: (indicators, numberOf) =>
    pairs(
      indicators,
      ({ value }) => value,
      (indicator) => [indicator.params ?? [], numberOf(indicator)],
    ),
};

/** @param numberOf number of an indicator among the script's rows. */
export function scriptTables(indicators: Indicators, numberOf: NumberOf): ScriptTables {
  const kinds = Object.entries(TABLE_OF) as [Kind, (typeof TABLE_OF)[Kind]][];
  return {
    ...Object.fromEntries(kinds.map(([kind, make]) => [kind, make(indicators[kind], numberOf)])),
    addresses: anyAddress(indicators),
    tails: tails(indicators),
  };
}
