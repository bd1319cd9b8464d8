import type { Host } from './company.ts';
import { dataset } from './envelope.ts';
import type { Document, Moment } from './types.ts';
import { baseName, type Channel, type Program, windowsEvent } from './windows.ts';

export const SYSMON: Channel = {
  dataset: dataset('windows.sysmon_operational'),
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider: 'Microsoft-Windows-Sysmon',
};

/** `raw`: as Winlogbeat ships it without the pipeline, everything only under `winlog.event_data`. */
export type Style = 'parsed' | 'raw';

function guid({ random }: Moment): string {
  return `{${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}}`;
}

/** Event 1, a process was started. */
export function processStart(m: Moment, host: Host, { image, commandLine, parent }: Program, style: Style): Document {
  const id = guid(m);
  const pid = 1_000 + m.random.below(30_000);
  const common = { ProcessGuid: id, ProcessId: String(pid), OriginalFileName: baseName(image), User: host.user };
  if (style === 'raw') {
    const data = { ...common, Image: image, CommandLine: commandLine, ParentImage: parent, ParentCommandLine: parent };
    return windowsEvent(m, SYSMON, host, '1', data);
  }
  return {
    ...windowsEvent(m, SYSMON, host, '1', common, { category: ['process'], type: ['start'] }),
    process: {
      args: commandLine.split(' '),
      command_line: commandLine,
      entity_id: id,
      executable: image,
      name: baseName(image),
      parent: { command_line: parent, executable: parent, name: baseName(parent) },
      pe: { original_file_name: baseName(image) },
      pid,
      working_directory: 'C:\\Users\\Public\\',
    },
    related: { hosts: host.fqdn, user: host.user },
    user: { domain: 'CORP', name: host.user },
  };
}

export interface Connection {
  readonly host: Host;
  readonly image: string;
  readonly from: { readonly ip: string; readonly port: number };
  readonly to: { readonly name: string; readonly ip: string; readonly port: number };
}

/** Event 3, a network connection. Without the pipeline its ports are text. */
export function connection(m: Moment, { host, image, from, to }: Connection, style: Style): Document {
  const common = { Initiated: String(from.ip === host.ip), ProcessGuid: guid(m), User: host.user };
  if (style === 'raw') {
    return windowsEvent(m, SYSMON, host, '3', {
      ...common,
      Image: image,
      Protocol: 'tcp',
      SourceIp: from.ip,
      SourcePort: String(from.port),
      DestinationIp: to.ip,
      DestinationHostname: to.name,
      DestinationPort: String(to.port),
    });
  }
  const event = { category: ['network'], type: ['connection', 'start', 'protocol'] };
  return {
    ...windowsEvent(m, SYSMON, host, '3', common, event),
    source: from,
    destination: { domain: to.name, ip: to.ip, port: to.port },
    network: { direction: from.ip === host.ip ? 'egress' : 'ingress', transport: 'tcp', type: 'ipv4' },
    process: { executable: image, name: baseName(image) },
    related: { ip: [from.ip, to.ip], user: host.user },
    user: { name: host.user },
  };
}

/** Event 22, a DNS question; `addresses` empty: the name does not exist. */
export function question(
  m: Moment,
  host: Host,
  image: string,
  name: string,
  addresses: string[],
  style: Style,
): Document {
  const status = addresses.length > 0 ? '0' : '9003';
  const common = { ProcessGuid: guid(m), QueryStatus: status };
  if (style === 'raw') {
    const results = addresses.map((address) => `::ffff:${address};`).join('') || '-';
    return windowsEvent(m, SYSMON, host, '22', { ...common, Image: image, QueryName: name, QueryResults: results });
  }
  return {
    ...windowsEvent(m, SYSMON, host, '22', common, { category: ['network'], type: ['connection', 'protocol'] }),
    dns: {
      ...(addresses.length > 0 && { answers: addresses.map((data) => ({ data, type: 'A' })), resolved_ip: addresses }),
      question: { name },
      response_code: addresses.length > 0 ? 'NOERROR' : 'NXDOMAIN',
    },
    network: { protocol: 'dns' },
    process: { executable: image, name: baseName(image) },
    related: { hosts: [name, host.fqdn], ...(addresses.length > 0 && { ip: addresses }) },
  };
}
