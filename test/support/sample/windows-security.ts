import {
  DOMAIN_CONTROLLER,
  type Host,
  JUMP_HOST,
  WINDOWS_HOSTS,
  WINDOWS_SERVERS,
  WORKSTATIONS,
  workstation,
} from './company.ts';
import { dataset, draft, temptation } from './envelope.ts';
import * as known from './indicators.ts';
import { clientPort, outsidePort } from './internet.ts';
import type { Document, Expectation, Moment, Shape, SourceSample, Story } from './types.ts';
import {
  BROWSER,
  baseName,
  type Channel,
  CMD,
  farSide,
  LOOK_ALIKE_PROGRAMS,
  PROGRAMS,
  type Program,
  windowsEvent,
} from './windows.ts';

const SECURITY: Channel = {
  dataset: dataset('system.security'),
  channel: 'Security',
  provider: 'Microsoft-Windows-Security-Auditing',
};

/** 4688, a process was created; the command line stands both parsed and raw. */
function processCreated(m: Moment, host: Host, { image, commandLine, parent }: Program): Document {
  const pid = 1_000 + m.random.below(30_000);
  const data = {
    CommandLine: commandLine,
    MandatoryLabel: 'S-1-16-8192',
    NewProcessName: image,
    ParentProcessName: parent,
    ProcessId: `0x${m.random.hex(4)}`,
    SubjectDomainName: 'CORP',
    SubjectLogonId: `0x${m.random.hex(6)}`,
    SubjectUserName: host.user,
    TokenElevationType: '%%1938',
  };
  const event = { action: 'created-process', category: ['process'], outcome: 'success', type: ['start'] };
  return {
    ...windowsEvent(m, SECURITY, host, '4688', data, event),
    process: {
      command_line: commandLine,
      executable: image,
      name: baseName(image),
      parent: { executable: parent, name: baseName(parent) },
      pid,
    },
    related: { user: host.user },
    user: { domain: 'CORP', name: host.user },
  };
}

interface Connection {
  readonly host: Host;
  readonly image: string;
  readonly from: { readonly ip: string; readonly port: number };
  readonly to: { readonly ip: string; readonly port: number };
  readonly denied: boolean;
}

/** 5156 or 5157, the filtering platform let a connection pass or not; no pipeline parses it, and ports are text. */
function filtered(m: Moment, { host, image, from, to, denied }: Connection): Document {
  const data = {
    Application: image.replace('C:', '\\device\\harddiskvolume3').toLowerCase(),
    DestAddress: to.ip,
    DestPort: String(to.port),
    Direction: from.ip === host.ip ? '%%14593' : '%%14592',
    FilterRTID: String(60_000 + m.random.below(9_000)),
    LayerName: '%%14611',
    ProcessID: String(m.random.below(30_000)),
    Protocol: '6',
    SourceAddress: from.ip,
    SourcePort: String(from.port),
  };
  const event = {
    action: denied ? 'windows-firewall-packet-block' : 'windows-firewall-connection',
    category: ['network'],
    outcome: denied ? 'failure' : 'success',
    type: ['connection', denied ? 'denied' : 'allowed'],
  };
  return windowsEvent(m, SECURITY, host, denied ? '5157' : '5156', data, event);
}

/** 4624, someone logged on over the network. */
function loggedOn(m: Moment, host: Host, from: Host): Document {
  const port = clientPort(m.random);
  const data = {
    AuthenticationPackageName: 'Kerberos',
    IpAddress: from.ip,
    IpPort: String(port),
    LogonProcessName: 'Kerberos',
    LogonType: '3',
    TargetDomainName: 'CORP',
    TargetUserName: from.user,
    WorkstationName: from.name.toUpperCase(),
  };
  const event = { action: 'logged-in', category: ['authentication'], outcome: 'success', type: ['start'] };
  return {
    ...windowsEvent(m, SECURITY, host, '4624', data, event),
    related: { ip: from.ip, user: [from.user] },
    source: { domain: from.name, ip: from.ip, port },
    user: { domain: 'CORP', name: from.user },
  };
}

function mined(m: Moment, host: Host, image: string, contact: known.Contact, denied = false): Connection {
  const from = { ip: host.ip, port: clientPort(m.random) };
  return { host, image, from, to: { ip: contact.address, port: contact.port }, denied };
}

const MINER: Program = {
  image: known.XMRIG_IMAGE,
  commandLine: `${known.XMRIG_IMAGE} ${known.minerArguments(known.POOL)}`,
  parent: CMD,
};
const RAW = 'winlog.event_data';
const FIELDS = { addresses: [`${RAW}.DestAddress`], ports: [`${RAW}.DestPort`] };
const MINER_PROCESS: Expectation = { kind: 'process', field: `${RAW}.Application`, indicator: 'xmrig.exe' };
const COMMAND: Expectation[] = [
  ...known.expectMinerCommand('process.command_line'),
  ...known.expectMinerCommand(`${RAW}.CommandLine`),
];

const { POOL, DONATION, QUIET_POOL, TLS_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;
const { dataset: DATASET } = SECURITY;

function connected(host: Host, image: string, contact: known.Contact, denied = false): Shape {
  const process = image === MINER.image ? [MINER_PROCESS] : [];
  const expected = [...expectContact(contact, FIELDS), ...process];
  return (m) => draft(DATASET, filtered(m, mined(m, host, image, contact, denied)), expected);
}

const mining: Record<Story, Shape[]> = {
  workstation: [
    connected(known.INFECTED, MINER.image, POOL),
    (m) =>
      draft(DATASET, processCreated(m, known.INFECTED, MINER), [
        ...COMMAND,
        { kind: 'process', field: 'process.name', indicator: 'xmrig.exe' },
      ]),
    connected(known.INFECTED, MINER.image, DONATION),
  ],
  server: [
    connected(known.BUILD, 'C:\\ProgramData\\svchosts.exe', QUIET_POOL),
    connected(known.BUILD, 'C:\\ProgramData\\svchosts.exe', TLS_POOL),
  ],
  browser: [connected(known.BROWSING, BROWSER.image, BROWSER_MINER)],
  denied: [
    connected(known.BLOCKED, MINER.image, BLOCKED_POOL, true),
    connected(known.BLOCKED, MINER.image, SPARE_POOL, true),
  ],
  scan: [
    (m) => {
      const from = { ip: known.SCANNER, port: outsidePort(m.random) };
      const to = { ip: JUMP_HOST.ip, port: 4444 };
      const expected = known.expectPort(4444, `${RAW}.DestPort`);
      return draft(DATASET, filtered(m, { host: JUMP_HOST, image: 'System', from, to, denied: true }), expected);
    },
  ],
};

const lookAlikes: Shape[] = [
  (m) => {
    const program = m.random.pick(LOOK_ALIKE_PROGRAMS);
    return temptation(DATASET, processCreated(m, workstation(8), program), program.commandLine);
  },
  (m) => {
    const contact = { ...POOL, address: '198.18.40.7', port: 33330 };
    return temptation(DATASET, filtered(m, mined(m, workstation(9), BROWSER.image, contact)), 'port 33330');
  },
  (m) => {
    const contact = { ...POOL, address: '172.65.0.1', port: 443 };
    const document = filtered(m, mined(m, workstation(9), BROWSER.image, contact));
    return temptation(DATASET, document, 'shared address 172.65.0.1');
  },
];

export const windowsSecurity: SourceSample = {
  source: 'windows_security',
  ingested: true,
  benign: [
    (m) => draft(DATASET, processCreated(m, m.random.pick(WINDOWS_HOSTS), m.random.pick(PROGRAMS))),
    (m) => {
      const host = m.random.pick(WINDOWS_HOSTS);
      const from = { ip: host.ip, port: clientPort(m.random) };
      const { image } = m.random.pick(PROGRAMS);
      return draft(DATASET, filtered(m, { host, image, from, to: farSide(m.random), denied: m.random.chance(0.05) }));
    },
    (m) => {
      const host = m.random.chance(0.5) ? DOMAIN_CONTROLLER : m.random.pick(WINDOWS_SERVERS);
      return draft(DATASET, loggedOn(m, host, m.random.pick(WORKSTATIONS)));
    },
  ],
  mining,
  lookAlikes,
};
