import { type Host, RESOLVER } from './company.ts';
import { dataset, envelope } from './envelope.ts';
import { clientPort } from './internet.ts';
import type { Document, Moment } from './types.ts';

export const ZEEK = dataset('zeek.dns');
export const PACKETS = dataset('network_traffic.dns');
export const SURICATA = dataset('suricata.eve');

export interface Lookup {
  readonly host: Host;
  readonly name: string;
  readonly registered: string;
  /** Names first, then addresses, as the resolver gave them. */
  readonly answers: readonly string[];
  readonly code: 'NOERROR' | 'NXDOMAIN';
}

const isAddress = (answer: string) => answer.includes(':') || /^[\d.]+$/.test(answer);

/** `A`, or `AAAA` where the answers are of IPv6. */
function typeOf({ answers }: Lookup): string {
  return answers.at(-1)?.includes(':') === true ? 'AAAA' : 'A';
}

function question(lookup: Lookup): Document {
  const { name, registered } = lookup;
  const cut = name.length - registered.length - 1;
  return {
    class: 'IN',
    name,
    registered_domain: registered,
    ...(cut > 0 && { subdomain: name.slice(0, cut) }),
    top_level_domain: name.slice(name.lastIndexOf('.') + 1),
    type: typeOf(lookup),
  };
}

/** A question that Zeek saw, with its answers. `old`: as in 2021, without `dns.question.name`. */
export function zeek(moment: Moment, lookup: Lookup, old = false): Document {
  const { host, name, answers, code } = lookup;
  const { name: _, ...rest } = question(lookup);
  const addresses = answers.filter(isAddress);
  const id = String(moment.random.below(65_536));
  return {
    ...envelope(moment, ZEEK, {
      category: ['network'],
      id: `C${moment.random.hex(17)}`,
      kind: 'event',
      outcome: code === 'NOERROR' ? 'success' : 'failure',
      type: ['connection', 'protocol', 'info'],
    }),
    source: { address: host.ip, ip: host.ip, port: clientPort(moment.random) },
    destination: { address: RESOLVER.ip, ip: RESOLVER.ip, port: 53 },
    dns: {
      answers: answers.map((data) => ({ data, ttl: 60 })),
      header_flags: ['RD', 'RA'],
      id,
      question: old ? { ...rest, domain: name } : question(lookup),
      ...(addresses.length > 0 && { resolved_ip: addresses }),
      response_code: code,
      type: answers.length > 0 ? 'answer' : 'query',
    },
    network: { protocol: 'dns', transport: 'udp' },
    related: { hosts: [name], ip: [host.ip, RESOLVER.ip, ...addresses] },
    zeek: { dns: { query: name, qtype_name: typeOf(lookup), rcode_name: code, answers, trans_id: id } },
  };
}

/** A transaction as Packetbeat tells it, with both sides as client and server. */
export function packetbeat(moment: Moment, lookup: Lookup): Document {
  const { host, name, answers, code } = lookup;
  const client = { ip: host.ip, port: clientPort(moment.random), bytes: 44 };
  const server = { ip: RESOLVER.ip, port: 53, bytes: 120 };
  const addresses = answers.filter(isAddress);
  return {
    ...envelope(moment, PACKETS, { category: ['network'], kind: 'event', type: ['connection', 'protocol'] }),
    client,
    server,
    source: client,
    destination: server,
    dns: {
      answers: answers.map((data) => ({
        class: 'IN',
        data,
        name,
        ttl: '300',
        type: isAddress(data) ? typeOf(lookup) : 'CNAME',
      })),
      answers_count: answers.length,
      id: moment.random.below(65_536),
      op_code: 'QUERY',
      question: question(lookup),
      resolved_ip: addresses,
      response_code: code,
      type: 'answer',
    },
    host: { name: RESOLVER.name },
    network: { bytes: 164, direction: 'ingress', protocol: 'dns', transport: 'udp', type: 'ipv4' },
    related: { hosts: [name], ip: [host.ip, RESOLVER.ip, ...addresses] },
    query: `class IN, type ${typeOf(lookup)}, ${name}`,
    resource: name,
    status: code === 'NOERROR' ? 'OK' : 'Error',
  };
}

/** A reply as Suricata tells it: the resolver is the source, the host that asked the destination. */
export function reply(moment: Moment, lookup: Lookup): Document {
  const { host, name, answers, code } = lookup;
  const rdata = answers.at(-1) ?? '';
  return {
    ...envelope(moment, SURICATA, { category: ['network'], kind: 'event', type: ['protocol'] }),
    source: { address: RESOLVER.ip, ip: RESOLVER.ip, port: 53 },
    destination: { address: host.ip, port: clientPort(moment.random) },
    dns: {
      answers: [{ data: rdata, name, ttl: 60, type: typeOf(lookup) }],
      id: String(moment.random.below(65_536)),
      question: question(lookup),
      resolved_ip: rdata,
      response_code: code,
      type: 'answer',
    },
    network: { protocol: 'dns', transport: 'udp' },
    related: { ip: RESOLVER.ip },
    suricata: {
      eve: { event_type: 'dns', dns: { type: 'answer', rrname: name, rdata, rcode: code, rrtype: typeOf(lookup) } },
    },
  };
}
