/** What a lookup file holds: one kind a file. */
export type LookupKind =
  | 'port'
  | 'domain'
  | 'address'
  | 'url'
  | 'process'
  | 'command-line'
  | 'user-agent'
  | 'signature'
  | 'payload';

/** What an observable or a match is of. A socket is an address together with a port. */
export type Kind = LookupKind | 'socket';

/** STIX's names where STIX has one. `file` is a process by its hash; `network-traffic` a method of a payload. */
export type IndicatorType =
  | 'port'
  | 'domain-name'
  | 'ipv4-addr'
  | 'ipv6-addr'
  | 'url'
  | 'process'
  | 'file'
  | 'software'
  | 'x-ids-signature'
  | 'network-traffic';

export type Confidence = 'low' | 'medium' | 'high';

/** One row of a lookup, with what it inherits from its file. Field names follow STIX and ECS. */
export interface Indicator {
  readonly kind: Kind;
  readonly type: IndicatorType;
  /**
   * Normal form: a port in decimal, a lower-case A-label name, an RFC 5952 address or CIDR, `host/path` of a URL, a file
   * name or a lower-case hash of a process, a text in which `*` stands for any text, a method.
   */
  readonly value: string;
  /** 1..65535; with an address it makes the row a socket. */
  readonly port?: number;
  readonly confidence: Confidence;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  readonly category?: string;
  readonly note?: string;
  /** YYYY-MM-DD, as are the two below. */
  readonly first_seen?: string;
  readonly last_seen?: string;
  /** The indicator counts up to the end of this day, UTC. */
  readonly expires?: string;
  readonly transport?: 'tcp' | 'udp';
  /** Of command lines, user agents and signatures: where one of these texts stands too, it is no match. */
  readonly excludes?: readonly string[];
  /** Of payloads: names that the method's parameters must have. */
  readonly params?: readonly string[];
  /** Name of the lookup it stands in. */
  readonly lookup: string;
}

/** `51.15.58.224:3333`, `[2001:db8::1]:3333`, else the value as it is: how an indicator is shown and keyed. */
export function indicatorName({ value, port, type }: Pick<Indicator, 'value' | 'port' | 'type'>): string {
  if (port === undefined) return value;
  return type === 'ipv6-addr' ? `[${value}]:${port}` : `${value}:${port}`;
}
