/** What a lookup file holds: one kind a file. */
export type LookupKind = 'port' | 'domain' | 'address';

/** What an observable or a match is of. A socket is an address together with a port. */
export type Kind = LookupKind | 'socket';

export type IndicatorType = 'port' | 'domain-name' | 'ipv4-addr' | 'ipv6-addr';

export type Confidence = 'low' | 'medium' | 'high';

/** One row of a lookup, with what it inherits from its file. Field names follow STIX and ECS. */
export interface Indicator {
  readonly type: IndicatorType;
  /** Normal form: a port in decimal, a lower-case A-label name, an RFC 5952 address or CIDR. */
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
  /** Name of the lookup it stands in. */
  readonly lookup: string;
}

/** `51.15.58.224:3333`, `[2001:db8::1]:3333`, else the value as it is: how an indicator is shown and keyed. */
export function indicatorName({ value, port, type }: Pick<Indicator, 'value' | 'port' | 'type'>): string {
  if (port === undefined) return value;
  return type === 'ipv6-addr' ? `[${value}]:${port}` : `${value}:${port}`;
}
