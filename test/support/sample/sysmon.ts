import { type Host, JUMP_HOST, WINDOWS_HOSTS, workstation } from './company.ts';
import { draft, temptation } from './envelope.ts';
import * as known from './indicators.ts';
import { clientPort, LOOK_ALIKE_NAMES, outsidePort, SITES } from './internet.ts';
import { type Connection, connection, processStart, question, type Style, SYSMON } from './sysmon-events.ts';
import type { Expectation, Moment, Shape, SourceSample, Story } from './types.ts';
import { BROWSER, CMD, farSide, LOOK_ALIKE_PROGRAMS, PROGRAMS, type Program } from './windows.ts';

function mined(m: Moment, host: Host, image: string, { name, address, port }: known.Contact): Connection {
  return { host, image, from: { ip: host.ip, port: clientPort(m.random) }, to: { name, ip: address, port } };
}

const MINER: Program = {
  image: known.XMRIG_IMAGE,
  commandLine: `${known.XMRIG_IMAGE} ${known.minerArguments(known.POOL)}`,
  parent: CMD,
};
/** Renamed: only its command line tells. */
const HIDDEN_MINER: Program = {
  image: 'C:\\ProgramData\\svchosts.exe',
  commandLine: `svchosts.exe ${known.minerArguments(known.QUIET_POOL)}`,
  parent: CMD,
};
const MINER_PROCESS: Expectation[] = ['process.name', 'process.pe.original_file_name'].map((field) => ({
  kind: 'process',
  field,
  indicator: 'xmrig.exe',
}));
const RAW = 'winlog.event_data';
const PARSED_FIELDS = { names: ['destination.domain'], addresses: ['destination.ip'], ports: ['destination.port'] };
const RAW_FIELDS = {
  names: [`${RAW}.DestinationHostname`],
  addresses: [`${RAW}.DestinationIp`],
  ports: [`${RAW}.DestinationPort`],
};

const { POOL, QUIET_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;
const { dataset: DATASET } = SYSMON;

const mining: Record<Story, Shape[]> = {
  workstation: [
    (m) =>
      draft(DATASET, connection(m, mined(m, known.INFECTED, MINER.image, POOL), 'parsed'), [
        ...expectContact(POOL, PARSED_FIELDS),
        ...MINER_PROCESS.slice(0, 1),
      ]),
    (m) =>
      draft(DATASET, processStart(m, known.INFECTED, MINER, 'parsed'), [
        ...known.expectMinerCommand('process.command_line'),
        ...MINER_PROCESS,
      ]),
    (m) =>
      draft(DATASET, question(m, known.INFECTED, MINER.image, POOL.name, [POOL.address], 'parsed'), [
        ...expectContact(POOL, { names: ['dns.question.name'] }),
        ...MINER_PROCESS.slice(0, 1),
      ]),
  ],
  server: [
    (m) =>
      draft(
        DATASET,
        connection(m, mined(m, known.BUILD, HIDDEN_MINER.image, QUIET_POOL), 'raw'),
        expectContact(QUIET_POOL, RAW_FIELDS),
      ),
    (m) =>
      draft(DATASET, processStart(m, known.BUILD, HIDDEN_MINER, 'raw'), known.expectMinerCommand(`${RAW}.CommandLine`)),
    (m) =>
      draft(
        DATASET,
        question(m, known.BUILD, HIDDEN_MINER.image, QUIET_POOL.name, [QUIET_POOL.address], 'raw'),
        expectContact(QUIET_POOL, { names: [`${RAW}.QueryName`] }),
      ),
  ],
  browser: [
    (m) =>
      draft(
        DATASET,
        question(m, known.BROWSING, BROWSER.image, BROWSER_MINER.name, [BROWSER_MINER.address], 'parsed'),
        expectContact(BROWSER_MINER, { names: ['dns.question.name'], addresses: ['dns.answers.data'] }),
      ),
  ],
  denied: [
    (m) =>
      draft(DATASET, question(m, known.BLOCKED, MINER.image, BLOCKED_POOL.name, [], 'raw'), [
        ...expectContact(BLOCKED_POOL, { names: [`${RAW}.QueryName`] }),
        { kind: 'process', field: `${RAW}.Image`, indicator: 'xmrig.exe' },
      ]),
    (m) =>
      draft(DATASET, question(m, known.BLOCKED, MINER.image, SPARE_POOL.name, ['0.0.0.0'], 'parsed'), [
        ...expectContact(SPARE_POOL, { names: ['dns.question.name'] }),
        ...MINER_PROCESS.slice(0, 1),
      ]),
  ],
  scan: [
    (m) => {
      const from = { ip: known.SCANNER, port: outsidePort(m.random) };
      const to = { name: JUMP_HOST.fqdn, ip: JUMP_HOST.ip, port: 4444 };
      const expected = known.expectPort(4444, `${RAW}.DestinationPort`);
      return draft(DATASET, connection(m, { host: JUMP_HOST, image: 'System', from, to }, 'raw'), expected);
    },
  ],
};

const lookAlikes: Shape[] = [
  (m) => {
    const program = m.random.pick(LOOK_ALIKE_PROGRAMS);
    return temptation(DATASET, processStart(m, workstation(5), program, 'parsed'), program.commandLine);
  },
  (m) => {
    const program = m.random.pick(LOOK_ALIKE_PROGRAMS);
    return temptation(DATASET, processStart(m, workstation(6), program, 'raw'), program.commandLine);
  },
  (m) => {
    const [name] = m.random.pick(LOOK_ALIKE_NAMES);
    return temptation(DATASET, question(m, workstation(7), BROWSER.image, name, ['198.18.40.9'], 'raw'), name);
  },
];

function either({ random }: Moment): Style {
  return random.chance(0.5) ? 'parsed' : 'raw';
}

export const sysmon: SourceSample = {
  source: 'sysmon',
  ingested: false,
  benign: [
    (m) => draft(DATASET, processStart(m, m.random.pick(WINDOWS_HOSTS), m.random.pick(PROGRAMS), either(m))),
    (m) => {
      const host = m.random.pick(WINDOWS_HOSTS);
      const from = { ip: host.ip, port: clientPort(m.random) };
      const { image } = m.random.pick(PROGRAMS);
      return draft(DATASET, connection(m, { host, image, from, to: farSide(m.random) }, either(m)));
    },
    (m) => {
      const { name, address } = m.random.pick(SITES);
      return draft(DATASET, question(m, m.random.pick(WINDOWS_HOSTS), BROWSER.image, name, [address], either(m)));
    },
  ],
  mining,
  lookAlikes,
};
