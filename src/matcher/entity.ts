import { type Address, inNetworks, parseAddress } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import type { Direction } from '../model/event.ts';
import type { Entity } from '../model/match.ts';
import type { ContextName } from './catalogue.ts';
import type { Context } from './context.ts';
import type { Observed } from './observe.ts';
import { HOST_AGENTS, HOST_DATASETS, HOST_MODULES } from './words.ts';

/** Who is under suspicion, and which way the traffic ran as seen from there. */
export interface Suspect {
  readonly entity: Entity;
  readonly direction: Direction;
  /** Which of the rules decided, in words. */
  readonly why: { readonly entity: string; readonly direction: string };
}

/** What a rule says, and why. */
type Told<T> = readonly [value: T, why: string];

function first(observed: Observed, name: ContextName): string | undefined {
  const value = observed.context(name).find((one) => one !== '');
  return value === undefined ? undefined : String(value);
}

/** Windows, Sysmon, endpoint and audit events are told by the host itself; of others, `host.*` may be the sensor. */
function isToldByHost(observed: Observed): boolean {
  const any = (name: ContextName, says: (text: string) => boolean): boolean =>
    observed.context(name).some((value) => says(String(value).toLowerCase()));
  return (
    first(observed, 'computer') !== undefined ||
    first(observed, 'channel') !== undefined ||
    any('module', (text) => HOST_MODULES.includes(text)) ||
    any('dataset', (text) => HOST_DATASETS.some((start) => text.startsWith(start))) ||
    any('agent', (text) => HOST_AGENTS.includes(text)) ||
    any('category', (text) => text === 'process')
  );
}

function hostEntity(observed: Observed): Told<Entity> | undefined {
  if (!isToldByHost(observed)) return undefined;
  const computer = first(observed, 'computer');
  const name = computer ?? first(observed, 'host');
  if (name === undefined) return undefined;
  const field = computer === undefined ? 'host.name' : 'winlog.computer_name';
  return [{ type: 'host', name: name.toLowerCase(), shared: false }, `${field}: the host tells it of itself`];
}

function addressEntity(name: string | undefined, why: string): Told<Entity> | undefined {
  return name === undefined ? undefined : [{ type: 'address', name, shared: false }, why];
}

function directionOf(observed: Observed, context: Context): Told<Direction> {
  const { client, server, clientLocality, serverLocality, reply } = context;
  if (reply) return ['outbound', 'a one-way reply: who gets it has asked'];
  if (clientLocality === 'internal') return ['outbound', 'the client is internal'];
  if (serverLocality === 'internal' && clientLocality === 'external') {
    return ['inbound', 'a client from outside reaches an internal server'];
  }
  // Who logs on from outside reaches the host that tells of it.
  if (server === undefined && clientLocality === 'external' && isToldByHost(observed)) {
    return ['inbound', 'a client from outside reaches the host that tells it'];
  }
  const text = first(observed, 'direction')?.toLowerCase();
  const told = `network.direction says ${text}`;
  if (text === 'outbound' || text === 'egress') return ['outbound', told];
  if (text === 'inbound' || text === 'ingress') {
    return server === undefined ? ['unknown', `${told}, but no server is named`] : ['inbound', told];
  }
  return client === undefined
    ? ['unknown', 'no client is named']
    : ['outbound', 'nothing tells of another: the client is taken for ours'];
}

/** The internal endpoint before NAT; both internal: the client; both public: whom the direction makes ours. */
function networkEntity(context: Context, direction: Direction): Told<Entity> | undefined {
  const { client, server, clientLocality, serverLocality, reply } = context;
  if (reply) {
    return serverLocality !== 'internal' && clientLocality === 'internal'
      ? addressEntity(client, 'a one-way reply that goes outside: its internal sender')
      : addressEntity(server, 'a one-way reply: who gets it has asked');
  }
  if (clientLocality === 'internal') return addressEntity(client, 'the internal client, before NAT');
  if (serverLocality === 'internal') return addressEntity(server, 'the internal server, before NAT');
  if (direction === 'inbound' && server !== undefined) {
    return addressEntity(server, 'no side is internal, the direction is inbound: the server');
  }
  return addressEntity(client, 'no side is internal: the client');
}

/** Behind a shared host: whom it forwarded for, else its user, else itself. Of clients from outside, it stays itself. */
function beyondShared(shared: Entity, observed: Observed, direction: Direction): Told<Entity> {
  const itself: Told<Entity> = [{ ...shared, shared: true }, 'one of `shared_hosts`, and nobody behind it is named'];
  if (direction === 'inbound') return [itself[0], 'one of `shared_hosts`, reached from outside'];
  const forwarded = parseAddress(first(observed, 'forwarded') ?? '');
  const behind = `behind ${shared.name}, one of \`shared_hosts\``;
  if (forwarded !== undefined) {
    return [{ type: 'address', name: forwarded.text, shared: false }, `network.forwarded_ip, ${behind}`];
  }
  const user = first(observed, 'user') ?? first(observed, 'sourceUser');
  return user === undefined ? itself : [{ type: 'user', name: user, shared: false }, `the user ${behind}`];
}

/** An event without a host or an address of ours. */
function nobody({ sourceText }: Observed, dataset: string): Told<Entity> {
  if (sourceText === undefined) {
    return [{ type: 'unknown', name: `unknown:${dataset}`, shared: true }, 'the event names no host and no side'];
  }
  const name = parseName(sourceText) ?? sourceText;
  return [{ type: 'text', name, shared: false }, 'the text of source.address, as nothing better is named'];
}

/** Compiles the rule for whom an event makes suspect. `shared` lists addresses, CIDRs and host names. */
export function createSuspector(shared: readonly string[]): (observed: Observed, context: Context) => Suspect {
  const inShared = inNetworks(shared);
  const names = new Set(shared.map((text) => text.toLowerCase()));
  const isShared = ({ name }: Entity): boolean => {
    const address: Address | undefined = parseAddress(name);
    return names.has(name) || (address !== undefined && inShared(address));
  };

  return (observed, context) => {
    const [direction, directionWhy] = directionOf(observed, context);
    const proposed = hostEntity(observed) ?? networkEntity(context, direction);
    const [entity, entityWhy] =
      proposed === undefined
        ? nobody(observed, datasetOf(observed))
        : isShared(proposed[0])
          ? beyondShared(proposed[0], observed, direction)
          : proposed;
    return { entity, direction, why: { entity: entityWhy, direction: directionWhy } };
  };
}

/** `event.dataset`, else what stands nearest to it, else `unknown`. */
export function datasetOf(observed: Observed): string {
  return first(observed, 'dataset') ?? first(observed, 'streamDataset') ?? first(observed, 'module') ?? 'unknown';
}
