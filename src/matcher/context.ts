import { type Address, parseAddress } from '../lookups/address.ts';
import type { Locality } from '../model/event.ts';
import type { Observable } from '../model/match.ts';
import { parseTime } from '../model/time.ts';
import { CONTEXT_FIELDS, type ContextName, isTranslated } from './catalogue.ts';
import type { Observed } from './observe.ts';
import type { Scalar } from './reader.ts';
import { DENIALS, DENIED_DNS, FLOWS, RESPONSES, VERDICTS } from './words.ts';

/** What the event tells about its two sides, besides the observables. */
export interface Context {
  /** Addresses of the two sides before NAT, normal form. */
  readonly client: string | undefined;
  readonly server: string | undefined;
  readonly clientLocality: Locality;
  readonly serverLocality: Locality;
  /** A one-way message of a server to a client: a flow's reply half, or a DNS answer. */
  readonly reply: boolean;
  /** A one-way message from outside to a port of 1024 and more: the sender's port may be a service's. */
  readonly fromOutside: boolean;
  readonly denied: boolean;
}

const PROXY_AUTHENTICATION_REQUIRED = '407';

function texts(values: readonly Scalar[]): string[] {
  return values.map((value) => String(value).toLowerCase());
}

function deniesInWords(action: string): boolean {
  return action.split(/[^a-z]+/).some((word) => DENIALS.includes(word));
}

function isSinkhole(address: string): boolean {
  return address === '0.0.0.0' || address.startsWith('127.') || address === '::' || address === '::1';
}

/**
 * What says that the traffic or request was not let through; undefined where nothing does. `event.outcome` says nothing
 * of it: it tells whether the event's own act succeeded.
 */
export function denialOf({ context, observables }: Observed): string | undefined {
  const said = (name: ContextName, denies: (text: string) => boolean): string | undefined => {
    const text = texts(context(name)).find(denies);
    return text === undefined ? undefined : `${CONTEXT_FIELDS[name]} says ${text}`;
  };
  const type = said('type', (text) => text === 'denied');
  if (type !== undefined) return type;
  for (const name of VERDICTS) {
    const action = said(name, deniesInWords);
    if (action !== undefined) return action;
  }
  const status = said('status', (code) => code === PROXY_AUTHENTICATION_REQUIRED);
  if (status !== undefined) return status;
  for (const name of RESPONSES) {
    const response = said(name, (code) => DENIED_DNS.includes(code));
    if (response !== undefined) return response;
  }
  const answers = observables.filter(({ answer }) => answer);
  const sunk = answers.length > 0 && answers.every(({ value }) => isSinkhole(value));
  return sunk ? 'every answer leads nowhere, such as 0.0.0.0 or 127.0.0.1' : undefined;
}

function isOneWay({ context }: Observed): boolean {
  const counts = (name: ContextName): boolean => context(name).some((value) => Number(value) > 0);
  const answered = counts('destinationBytes') || counts('destinationPackets');
  if (isFlow(context)) return !answered;
  const told = context('destinationBytes').length + context('destinationPackets').length > 0;
  return !told && (counts('sourceBytes') || counts('sourcePackets')) && context('status').length === 0;
}

function isFlow(context: Observed['context']): boolean {
  if (context('flow').length > 0 || context('exporter').length > 0) return true;
  return [...texts(context('module')), ...texts(context('dataset')), ...texts(context('action'))].some((text) =>
    FLOWS.some((start) => text.startsWith(start)),
  );
}

interface Ends {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** The address and port of a side before NAT; `client.*` and `server.*` before `source.*` and `destination.*`. */
function endOf({ observables }: Observed, side: 'client' | 'server'): Ends {
  const onSide = observables.filter((one) => one.side === side && !isTranslated(one.field));
  const addresses = onSide.filter(({ kind, field }) => kind === 'address' && !field.startsWith('url.'));
  const ports = onSide.filter(({ kind }) => kind === 'port');
  const preferred = (some: readonly Observable[]) => some.find(({ field }) => field.startsWith(`${side}.`)) ?? some[0];
  const port = preferred(ports)?.value;
  return { address: preferred(addresses)?.value, port: port === undefined ? undefined : Number(port) };
}

/** @param isInternal whether an address lies in the networks the configuration calls internal. */
export function contextOf(observed: Observed, isInternal: (address: Address) => boolean): Context {
  const client = endOf(observed, 'client');
  const server = endOf(observed, 'server');
  const locality = (text: string | undefined): Locality => {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address === undefined) return 'unknown';
    return isInternal(address) ? 'internal' : 'external';
  };
  const clientLocality = locality(client.address);
  const oneWay = isOneWay(observed);
  const toHighPort = server.port !== undefined && server.port >= 1024;
  const fromService = client.port !== undefined && server.port !== undefined && client.port < server.port;
  const dnsAnswer = client.port === 53 && server.port !== undefined && server.port !== 53;
  return {
    client: client.address,
    server: server.address,
    clientLocality,
    serverLocality: locality(server.address),
    reply: dnsAnswer || (oneWay && toHighPort && fromService),
    fromOutside: oneWay && toHighPort && clientLocality === 'external',
    denied: denialOf(observed) !== undefined,
  };
}

/** The earliest time the event gives, and the kind of field that gives it. */
export interface TimeTold {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly from: 'timestamp' | 'created' | 'ingested';
}

/** From its timestamp field, else `event.created`, else `event.ingested`. */
export function timeTold({ timestamps, context }: Observed): TimeTold | undefined {
  for (const from of ['timestamp', 'created', 'ingested'] as const) {
    const values = from === 'timestamp' ? timestamps : context(from);
    const times = values.map(parseTime).filter((time) => time !== undefined);
    if (times.length > 0) return { time: times.reduce((earliest, time) => Math.min(earliest, time)), from };
  }
  return undefined;
}
