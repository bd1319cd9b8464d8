import { suffixes } from '../lookups/name.ts';
import type { EventDocument, Side } from '../model/event.ts';
import type { Kind } from '../model/indicator.ts';
import type { Observable } from '../model/match.ts';
import type { Policy } from '../model/policy.ts';
import { CATALOGUE, type CatalogueField, CONTEXT_FIELDS, type ContextName } from './catalogue.ts';
import { createReader, type Scalar } from './reader.ts';
import { type Host, type Reading, readValue } from './reading.ts';
import { createUrlPairs } from './url-pairs.ts';

/** What the matcher takes from an event. */
export interface Observed {
  /** Distinct by kind, side and value, in the order of the catalogue. */
  readonly observables: readonly Observable[];
  /** Values of a context field; empty where the event has none. */
  readonly context: (name: ContextName) => readonly Scalar[];
  /** Values of the policy's timestamp field. */
  readonly timestamps: readonly Scalar[];
  /** Text of `source.address`, else of `client.address`, whatever it is. */
  readonly sourceText: string | undefined;
}

const NOTHING: readonly Scalar[] = [];
const SOURCE_TEXTS = ['source.address', 'client.address'];
/** An endpoint with more pairs of address and port tells nothing of sockets, and would fill the memory. */
const MOST_PAIRS = 10_000;
/** A certificate of more names is shared among strangers. */
const MOST_CERTIFIED = 20;
const CONTEXT_NAMES = Object.keys(CONTEXT_FIELDS) as ContextName[];

/** Collects observables, each once; sockets come from the addresses and ports of one endpoint. */
function createCollector() {
  const observables: Observable[] = [];
  const seen = new Set<string>();
  const endpoints = new Map<string, { addresses: Map<string, Observable>; ports: Set<string> }>();
  const urls = createUrlPairs();
  const certified = new Map<string, CatalogueField>();
  let parents: Set<string> | undefined;

  function add(kind: Kind, value: string, { field, side }: CatalogueField, answer = false): Observable {
    const observable = { kind, value, field, side, answer };
    const key = `${kind} ${side} ${value}`;
    if (!seen.has(key)) {
      seen.add(key);
      observables.push(observable);
    }
    return observable;
  }
  function at(endpoint: string) {
    let group = endpoints.get(endpoint);
    if (group === undefined) endpoints.set(endpoint, (group = { addresses: new Map(), ports: new Set() }));
    return group;
  }
  function addHost(host: Host, entry: CatalogueField): void {
    const { address, name, port } = host;
    if (name !== undefined) add('domain', name, entry);
    if (address !== undefined) {
      const observable = add('address', address, entry);
      if (port !== undefined) add('socket', socketOf(address, String(port)), entry);
      else if (entry.endpoint !== undefined) at(entry.endpoint).addresses.set(address, observable);
    }
    // The port of a page that led here is nobody's traffic.
    if (port !== undefined && entry.side !== 'none') add('port', String(port), entry);
  }
  /** To be asked when all names but the registered ones are in. */
  function hasNameUnder(parent: string, side: Side): boolean {
    if (parents === undefined) {
      parents = new Set();
      for (const { kind, value, side: on } of observables) {
        if (kind === 'domain') for (const suffix of suffixes(value)) parents.add(`${on} ${suffix}`);
      }
    }
    return parents.has(`${side} ${parent}`);
  }
  function finish(): Observable[] {
    const named = observables.some(({ kind, side }) => kind === 'domain' && side === 'server');
    if (!named && certified.size <= MOST_CERTIFIED) for (const [name, entry] of certified) add('domain', name, entry);
    for (const { addresses, ports } of endpoints.values()) {
      if (addresses.size * ports.size > MOST_PAIRS) continue;
      for (const { value, field, side } of addresses.values()) {
        for (const port of ports) add('socket', socketOf(value, port), { field, side, kind: 'address' });
      }
    }
    for (const [url, entry] of urls.finish()) add('url', url, entry);
    return observables;
  }
  return { add, addHost, at, hasNameUnder, certified, urls, finish };
}

/** `address:port`, an IPv6 address in brackets. */
export function socketOf(address: string, port: string): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function collect(entry: CatalogueField, value: Scalar, into: ReturnType<typeof createCollector>): void {
  const reading: Reading | undefined = readValue(entry.kind, value);
  if (reading === undefined) return;
  if (entry.kind === 'registered') {
    if (reading.name !== undefined && !into.hasNameUnder(reading.name, entry.side)) {
      into.add('domain', reading.name, entry);
    }
  } else if (entry.kind === 'port') {
    into.add('port', String(reading.port), entry);
    if (entry.endpoint !== undefined) into.at(entry.endpoint).ports.add(String(reading.port));
  } else if (entry.kind === 'certificate') {
    if (reading.name !== undefined) into.certified.set(reading.name, entry);
  } else if (entry.kind === 'answer' && reading.address !== undefined) {
    into.add('address', reading.address, entry, true);
  } else {
    into.addHost(reading, entry);
    into.urls.take(reading, entry);
    for (const answer of reading.answers ?? []) {
      if (answer.address === undefined) into.addHost(answer, entry);
      else into.add('address', answer.address, entry, true);
    }
    for (const { kind, value: text } of reading.said ?? []) into.add(kind, text, entry);
  }
}

function collectArgs(entry: CatalogueField, args: readonly Scalar[], into: ReturnType<typeof createCollector>): void {
  collect(entry, args.join(' '), into);
  collect({ ...entry, kind: 'process' }, args[0] ?? '', into);
}

/** Compiles the catalogue for a policy: its timestamp field and the names a source has of its own. */
export function createObserver(policy: Policy): (event: EventDocument) => Observed {
  const contextAt = CATALOGUE.length;
  const timestampAt = contextAt + CONTEXT_NAMES.length;
  const sourceAt = timestampAt + 1;
  const paths = (field: string): string[] => [field, ...(policy.fields[field] ?? [])];
  const reader = createReader([
    ...CATALOGUE.map(({ field }) => paths(field)),
    ...CONTEXT_NAMES.map((name) => paths(CONTEXT_FIELDS[name])),
    [policy.timestamp],
    ...SOURCE_TEXTS.map(paths),
  ]);
  const slot = new Map(CONTEXT_NAMES.map((name, i) => [name, contextAt + i]));

  return (event) => {
    const values = reader.read(event);
    const collector = createCollector();
    for (const [i, entry] of CATALOGUE.entries()) {
      const found = values[i];
      if (found === undefined) continue;
      if (entry.kind === 'args') collectArgs(entry, found, collector);
      else for (const value of found) collect(entry, value, collector);
    }
    const sources = values.slice(sourceAt).flatMap((some) => some ?? NOTHING);
    const source = sources.find((value) => typeof value === 'string' && value !== '');
    return {
      observables: collector.finish(),
      context: (name) => values[slot.get(name) ?? -1] ?? NOTHING,
      timestamps: values[timestampAt] ?? NOTHING,
      sourceText: source === undefined ? undefined : String(source),
    };
  };
}
