import { type Host, SERVERS, WORKSTATIONS } from './company.ts';
import { type Lookup, PACKETS, packetbeat, reply, SURICATA, ZEEK, zeek } from './dns-events.ts';
import { draft, temptation } from './envelope.ts';
import * as known from './indicators.ts';
import { LOOK_ALIKE_NAMES, SITES } from './internet.ts';
import type { Moment, Shape, SourceSample, Story } from './types.ts';

function ordinary({ random }: Moment): Lookup {
  const site = random.pick(SITES);
  const host = random.pick(random.chance(0.8) ? WORKSTATIONS : SERVERS);
  if (random.chance(0.04)) {
    const name = `wpad${random.below(20)}.corp.example`;
    return { host, name, registered: 'corp.example', answers: [], code: 'NXDOMAIN' };
  }
  const alias = random.chance(0.3) ? [`edge.${site.registered}`] : [];
  return { ...site, host, answers: [...alias, random.chance(0.2) ? site.address6 : site.address], code: 'NOERROR' };
}

function ask(
  host: Host,
  { name, domain }: known.Contact,
  answers: readonly string[],
  code: Lookup['code'] = 'NOERROR',
) {
  return { host, name, registered: domain?.startsWith('donate.') ? 'xmrig.com' : (domain ?? name), answers, code };
}

/** A question for one of our own names that leads to a pool by its answers. */
function innocent(host: Host, answers: readonly string[]): Lookup {
  return { host, name: 'updates.example.net', registered: 'example.net', answers, code: 'NOERROR' };
}

const ASKED = ['dns.question.name'];
const ANSWERED = ['dns.answers.data'];
const RESOLVED = { names: ASKED, addresses: ANSWERED };

const { POOL, DONATION, QUIET_POOL, TLS_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;

const mining: Record<Story, Shape[]> = {
  workstation: [
    (m) => draft(ZEEK, zeek(m, ask(known.INFECTED, POOL, [POOL.address])), expectContact(POOL, RESOLVED)),
    (m) =>
      draft(
        PACKETS,
        packetbeat(m, innocent(known.INFECTED, [POOL.name, POOL.address])),
        expectContact(POOL, { names: ANSWERED }),
      ),
    (m) =>
      draft(SURICATA, reply(m, ask(known.INFECTED, DONATION, [DONATION.address])), expectContact(DONATION, RESOLVED)),
  ],
  server: [
    (m) =>
      draft(
        ZEEK,
        zeek(m, ask(known.BUILD, QUIET_POOL, [QUIET_POOL.address]), true),
        expectContact(QUIET_POOL, { names: ['dns.question.domain', 'zeek.dns.query'] }),
      ),
    (m) => draft(PACKETS, packetbeat(m, innocent(known.BUILD, [TLS_POOL.address])), resolvedTo(TLS_POOL)),
    (m) => draft(SURICATA, reply(m, ask(known.BUILD, TLS_POOL, [TLS_POOL.address])), expectContact(TLS_POOL, RESOLVED)),
  ],
  browser: [
    (m) =>
      draft(
        PACKETS,
        packetbeat(m, ask(known.BROWSING, BROWSER_MINER, [BROWSER_MINER.address])),
        expectContact(BROWSER_MINER, RESOLVED),
      ),
    (m) => draft(ZEEK, zeek(m, ask(known.BROWSING, BROWSER_MINER, [])), expectContact(BROWSER_MINER, { names: ASKED })),
  ],
  denied: [
    (m) =>
      draft(
        ZEEK,
        zeek(m, ask(known.BLOCKED, BLOCKED_POOL, [], 'NXDOMAIN')),
        expectContact(BLOCKED_POOL, { names: ASKED }),
      ),
    (m) =>
      draft(
        PACKETS,
        packetbeat(m, ask(known.BLOCKED, SPARE_POOL, ['0.0.0.0'])),
        expectContact(SPARE_POOL, { names: ASKED }),
      ),
  ],
  scan: [
    (m) =>
      draft(ZEEK, zeek(m, ask(known.SCANNED, DONATION, [], 'NXDOMAIN')), expectContact(DONATION, { names: ASKED })),
  ],
};

function resolvedTo(contact: known.Contact) {
  return expectContact(contact, { addresses: [...ANSWERED, 'dns.resolved_ip'] });
}

const lookAlikes: Shape[] = LOOK_ALIKE_NAMES.map(([name, registered], i) => (m) => {
  const site = m.random.pick(SITES);
  const lookup: Lookup = { host: m.random.pick(SERVERS), name, registered, answers: [site.address], code: 'NOERROR' };
  return i % 2 === 0 ? temptation(ZEEK, zeek(m, lookup), name) : temptation(PACKETS, packetbeat(m, lookup), name);
});

export const dns: SourceSample = {
  source: 'dns',
  ingested: true,
  benign: [
    (m) => draft(ZEEK, zeek(m, ordinary(m))),
    (m) => draft(ZEEK, zeek(m, ordinary(m), m.random.chance(0.2))),
    (m) => draft(PACKETS, packetbeat(m, ordinary(m))),
    (m) => draft(SURICATA, reply(m, ordinary(m))),
  ],
  mining,
  lookAlikes,
};
