import type { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { settleClaims } from '../../../src/sinks/claims.ts';
import type { Step } from '../../../src/worker/batch.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
let made = 0;
let address: string;
let index: string;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());
beforeEach(async () => {
  made += 1;
  address = `10.15.${made}.1`;
  index = await corner.index(`-${made}`, { mappings: { properties: { '@timestamp': { type: 'date' } } } });
});

const DAY = 50;
const time = (hour: number): string => daysAgo(DAY, `${String(hour).padStart(2, '0')}:00:00.000Z`);

/** A program of a miner's name, told by the host, which says what its address is. */
const ran = (host: string, hour = 10) => ({
  '@timestamp': time(hour),
  event: { category: ['process'], module: 'sysmon' },
  host: { name: host, ip: [address, '127.0.0.1'] },
  process: { name: 'xmrig.exe' },
});
/** A connection that a firewall saw. */
const spoke = (hour = 11) => ({
  '@timestamp': time(hour),
  event: { dataset: 'firewall.log' },
  source: { ip: address },
  destination: { ip: '51.15.58.224', port: 3333 },
});

const run = () => corner.run({ source: { index }, range: around(DAY) });

async function incidentsByName(): Promise<Map<string, Record<string, unknown>>> {
  const own = (await corner.incidents()).map(({ source }) => source['minecanary'] as Record<string, unknown>);
  return new Map(own.map((one) => [String(at(one, 'entity.name')), one]));
}
const alerted = async (name: string) =>
  (await corner.alerts()).filter(({ source }) => at(source, 'minecanary.entity.name') === name).length;

/** The address's incident says whose it is, and the host's holds the evidence of both. */
async function expectJoined(host: string): Promise<void> {
  const incidents = await incidentsByName();
  const [own, its] = [incidents.get(address), incidents.get(host)];
  const id = at(its, 'incident.id');
  expect(its).toMatchObject({ events: 2, points: { host: 73, network: 47 } });
  expect(own).toMatchObject({ joined: id, events: 0, severity: 'none' });
  expect(own?.['reason']).toBe(`${address} is ${host}: its evidence counts in that incident.`);
  const matches = (await corner.matches()).filter(({ source }) => source.minecanary.entity.name === address);
  expect(matches.map(({ source }) => source.minecanary.incident.id)).toEqual([id]);
}

/** Changes each document of the first bulk request before it is sent. */
function changedInBetween(client: Client): { readonly client: Client; readonly sent: () => number } {
  let sent = 0;
  const own = Object.create(client) as Client;
  own.bulk = (async (request: { operations: string[] }) => {
    sent += 1;
    for (const line of sent === 1 ? request.operations : []) {
      const { update } = JSON.parse(line) as { update?: { _index: string; _id: string } };
      if (update === undefined) continue;
      const { _index: there, _id: id } = update;
      await client.update({ index: there, id, doc: { minecanary: { lookups: 'other' } } });
    }
    return client.bulk(request as Parameters<Client['bulk']>[0]);
  }) as Client['bulk'];
  return { client: own, sent: () => sent };
}

describe('an address that exactly one host claims on a day', () => {
  test('is moved though its match document changes in between', async () => {
    const host = `ws-${made}`;
    await corner.put(index, { [`${made}-b`]: spoke() });
    await run();
    await corner.put(index, { [`${made}-a`]: ran(host) });
    let sent = 0;
    const beforeWrite = async (step: Step) => {
      if (step !== 'incidents' || sent > 0) return;
      const found = (await corner.matches()).find(({ source }) => source.minecanary.entity.name === address);
      const { incident, entity, day } = found?.source.minecanary ?? {};
      const others = changedInBetween(corner.client);
      await settleClaims(others.client, new Map([[incident?.id ?? '', { entity: entity?.id ?? '', day: day ?? '' }]]));
      sent = others.sent();
    };
    await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    expect(sent).toBe(2);
    await expectJoined(host);
  });

  test('counts in the incident of the host, and makes no alert of its own', async () => {
    const host = `ws-${made}`;
    await corner.put(index, { [`${made}-a`]: ran(host), [`${made}-b`]: spoke() });
    await run();
    await expectJoined(host);
    expect([await alerted(host), await alerted(address)]).toEqual([1, 0]);
    expect(await run()).toMatchObject({ incidents: 0, alerts: 0, tagged: 0 });
  });

  test.each([
    ['the host comes first', ['ran', 'spoke']],
    ['the address comes first', ['spoke', 'ran']],
  ])('%s, each in a pass of its own', async (_, order) => {
    const host = `ws-${made}`;
    for (const [i, what] of order.entries()) {
      await corner.put(index, { [`${made}-${i}`]: what === 'ran' ? ran(host) : spoke() });
      await run();
    }
    await expectJoined(host);
    expect(await run()).toMatchObject({ incidents: 0, alerts: 0, tagged: 0 });
  });

  test('by a connection of its own', async () => {
    const host = `ws-${made}`;
    const connected = {
      '@timestamp': time(9),
      winlog: { computer_name: host.toUpperCase(), event_data: { Initiated: 'true' } },
      event: { module: 'sysmon' },
      source: { ip: address },
      destination: { domain: 'pool.minexmr.com', ip: '203.0.113.7', port: 443 },
    };
    await corner.put(index, { [`${made}-a`]: connected, [`${made}-b`]: spoke() });
    await run();
    const its = (await incidentsByName()).get(host);
    expect(its).toMatchObject({ events: 2 });
    expect((await incidentsByName()).get(address)).toMatchObject({ joined: at(its, 'incident.id') });
  });
});

describe('an address keeps its own incident', () => {
  test('where two hosts claim it, also when the second comes later', async () => {
    await corner.put(index, { [`${made}-a`]: ran(`one-${made}`), [`${made}-b`]: spoke() });
    await run();
    await expectJoined(`one-${made}`);
    await corner.put(index, { [`${made}-c`]: ran(`two-${made}`) });
    await run();
    const incidents = await incidentsByName();
    expect(incidents.get(address)).toMatchObject({ events: 1, severity: 'medium' });
    expect(incidents.get(address)).not.toHaveProperty('joined');
    expect(incidents.get(`one-${made}`)).toMatchObject({ events: 1 });
    expect(await run()).toMatchObject({ incidents: 0, alerts: 0, tagged: 0 });
  });

  test('where it is the client of a logon, or of a connection to the host', async () => {
    const logon = {
      ...ran(`dc-${made}`),
      event: { category: ['authentication'], module: 'security' },
      host: { name: `dc-${made}` },
      source: { ip: address },
    };
    const inbound = { ...logon, event: { category: ['process'], module: 'sysmon' }, network: { direction: 'ingress' } };
    await corner.put(index, { [`${made}-a`]: logon, [`${made}-b`]: inbound, [`${made}-c`]: spoke() });
    await run();
    expect((await incidentsByName()).get(address)).toMatchObject({ events: 1 });
    expect(await alerted(address)).toBe(1);
  });
});
