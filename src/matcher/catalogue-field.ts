import type { Side } from '../model/event.ts';

/**
 * What a field may hold:
 * `port` a number or numeric text; `address` an IP address; `name` a host name; `host` either, perhaps with a port;
 * `registered` the registered domain of a name that stands elsewhere, read where that name is missing;
 * `certificate` a name, perhaps with a wildcard, or the subject of a server's certificate, read where the server is
 * named nowhere else;
 * `url` an absolute URL, `host:port` of a proxy's CONNECT, or a path; `answer` a DNS answer, name or address; `answers`
 * several in one text, as Sysmon writes them;
 * `process` a program's path or name; `hash` its hash, or several (`MD5=…,SHA256=…`); `command-line`, `user-agent`,
 * `signature` a text; `args` one argument of many that make a command line, the first of them the program;
 * `payload` what was sent, or a log line of it; `encoded-payload` the same in hexadecimal or base64.
 */
export type FieldKind =
  | 'port'
  | 'address'
  | 'name'
  | 'host'
  | 'registered'
  | 'certificate'
  | 'url'
  | 'answer'
  | 'answers'
  | 'process'
  | 'hash'
  | 'command-line'
  | 'args'
  | 'user-agent'
  | 'signature'
  | 'payload'
  | 'encoded-payload';

export interface CatalogueField {
  readonly field: string;
  readonly kind: FieldKind;
  readonly side: Side;
  /** Addresses and ports of one endpoint share it: together they make sockets. */
  readonly endpoint?: string;
  /** After translation: it tells nothing of whose traffic it is. */
  readonly nat?: true;
}

/** Fields without a side, of one kind. */
export function texts(kind: FieldKind, ...fields: readonly string[]): CatalogueField[] {
  return fields.map((field) => ({ field, kind, side: 'none' }));
}

/** The fields of one endpoint: its port and those that may hold its address or name. */
export function endpoint(side: 'client' | 'server', port: string, ...hosts: readonly string[]): CatalogueField[] {
  return [
    ...hosts.map((field): CatalogueField => ({ field, kind: 'host', side, endpoint: port })),
    { field: port, kind: 'port', side, endpoint: port },
  ];
}

/** The same of an endpoint after translation. */
export function translated(side: 'client' | 'server', port: string, ...hosts: readonly string[]): CatalogueField[] {
  return endpoint(side, port, ...hosts).map((entry) => ({ ...entry, nat: true }));
}
