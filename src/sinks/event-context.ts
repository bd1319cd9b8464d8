import type { estypes } from '@elastic/elasticsearch';
import { parseAddress } from '../lookups/address.ts';
import { createReader, type Scalar } from '../matcher/reader.ts';
import type { EventDocument } from '../model/event.ts';
import type { Evidence } from '../model/match.ts';
import { ip, keyword, long, object } from './mapping.ts';

/** ECS fields that a match document takes over from its event, with their types. */
const FIELDS = {
  'event.dataset': keyword,
  'event.module': keyword,
  'event.action': keyword,
  'event.category': keyword,
  'event.type': keyword,
  'event.outcome': keyword,
  'source.ip': ip,
  'source.port': long,
  'source.address': keyword,
  'destination.ip': ip,
  'destination.port': long,
  'destination.address': keyword,
  'destination.domain': keyword,
  'client.ip': ip,
  'client.port': long,
  'server.ip': ip,
  'server.port': long,
  'network.transport': keyword,
  'network.direction': keyword,
  'network.forwarded_ip': ip,
  'dns.question.name': keyword,
  'tls.client.server_name': keyword,
  'url.domain': keyword,
  'url.original': keyword,
  'host.name': keyword,
  'user.name': keyword,
  'process.name': keyword,
  'process.executable': keyword,
  'observer.name': keyword,
} as const satisfies Record<string, estypes.MappingProperty>;
const NAMES = Object.keys(FIELDS);
const reader = createReader(NAMES.map((name) => [name]));
/** Values kept of one field. */
const MOST_VALUES = 32;
const LONGEST_TEXT = 8192;

interface Nested {
  [key: string]: unknown;
}

function put(root: Nested, path: string, value: unknown): void {
  const parts = path.split('.');
  const last = parts.pop() ?? path;
  let here = root;
  for (const part of parts) here = (here[part] ??= {}) as Nested;
  here[last] = value;
}

function fits(value: Scalar, mapping: estypes.MappingProperty): boolean {
  if (mapping.type === 'ip') return typeof value === 'string' && parseAddress(value) !== undefined;
  return mapping.type !== 'long' || Number.isSafeInteger(Number(value));
}

/** The fields taken over, as a nested object; values that their type can't hold are left out. */
export function contextFields(event: EventDocument): Record<string, unknown> {
  const root: Nested = {};
  for (const [i, values] of reader.read(event).entries()) {
    const name = NAMES[i] as keyof typeof FIELDS;
    const kept = (values ?? [])
      .filter((value) => fits(value, FIELDS[name]))
      .slice(0, MOST_VALUES)
      .map((value) => (typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value));
    if (kept.length > 0) put(root, name, kept.length === 1 ? kept[0] : kept);
  }
  return root;
}

/** The mapping of the fields taken over, with what every document of ours says of its event. */
export const CONTEXT_MAPPING: Record<string, estypes.MappingProperty> = mappingOf({
  ...FIELDS,
  'event.kind': keyword,
  'event.ingested': { type: 'date' },
});

function mappingOf(fields: Readonly<Record<string, estypes.MappingProperty>>): Record<string, estypes.MappingProperty> {
  const root: Record<string, { properties: Record<string, unknown> }> = {};
  for (const [path, mapping] of Object.entries(fields)) {
    const parts = path.split('.');
    const last = parts.pop() ?? path;
    let here: Record<string, unknown> = root;
    for (const part of parts) {
      const next = (here[part] ??= object({})) as { properties: Record<string, unknown> };
      here = next.properties;
    }
    here[last] = mapping;
  }
  return root as Record<string, estypes.MappingProperty>;
}

/** All addresses, hosts and users the event speaks of, for `related.*`. */
export interface Related {
  readonly ip: readonly string[];
  readonly hosts: readonly string[];
  readonly user: readonly string[];
}

const relatedReader = createReader([
  ['source.ip', 'destination.ip', 'client.ip', 'server.ip', 'network.forwarded_ip'],
  ['host.name', 'winlog.computer_name'],
  ['user.name', 'source.user.name', 'destination.user.name'],
]);

export function relatedOf(event: EventDocument, { matches, entity }: Evidence): Related {
  const [addresses, hosts, users] = relatedReader.read(event);
  const seen = (kind: string): string[] =>
    matches.filter(({ observable }) => observable.kind === kind).map(({ observable }) => observable.value);
  const ofType = (type: string): string[] => (entity.type === type ? [entity.name] : []);
  const ips = (addresses ?? []).map((value) => parseAddress(String(value))?.text);
  return {
    ip: distinct([...ofType('address'), ...ips.filter((text) => text !== undefined), ...seen('address')]),
    hosts: distinct([...ofType('host'), ...(hosts ?? []).map((name) => String(name).toLowerCase()), ...seen('domain')]),
    user: distinct([...ofType('user'), ...(users ?? []).map(String)]),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].slice(0, MOST_VALUES);
}
