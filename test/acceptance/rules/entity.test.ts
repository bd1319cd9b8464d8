import { expect, test } from '@jest/globals';
import type { EventDocument } from '../../../src/model/event.ts';
import { describeReal } from '../real-events.ts';
import { lookWith, readAll } from './every.ts';
import { endsOf, isFlow, isReply, portsOf, type Rule, suspectedOf, TOLD_BY_HOSTS, textsOf } from './plain.ts';

const RULES: readonly Rule[] = [
  'the host that tells it',
  'a one-way reply: its destination',
  'both internal: the client',
  'an internal client',
  'an outside client of our server',
  'both public, inbound: the server',
  'both public: the client',
  'a public client, its server untold',
  'source.address is no address: its text',
  'nobody',
];
const DIRECTIONS: Readonly<Partial<Record<Rule, string>>> = {
  'a one-way reply: its destination': 'outbound',
  'both internal: the client': 'outbound',
  'an internal client': 'outbound',
  'an outside client of our server': 'inbound',
  'both public, inbound: the server': 'inbound',
  'both public: the client': 'outbound',
};
/** What a device calls itself, where it stands in the event of another's traffic. */
const DEVICE_NAMES = 'host.name host.hostname observer.name observer.hostname agent.name agent.hostname'.split(' ');
const DEVICE_ADDRESSES = ['host.ip', 'observer.ip', 'netflow.exporter.address'];

/** The two ends of a flow; `turned`, of its other half. */
function flowOf(event: EventDocument, turned: boolean): string {
  const { client, server } = endsOf(event);
  const [from, to] = portsOf(event);
  const ends = [`${client} ${from}`, `${server} ${to}`];
  return (turned ? ends.toReversed() : ends).join(' to ');
}

describeReal('whom real events make suspect', (data) => {
  const events = readAll(data);
  const look = lookWith();
  const sources = [...events.keys()];
  const seenOf = (source: string) => (events.get(source) ?? []).map(look);
  const network = sources.filter((source) => !TOLD_BY_HOSTS.includes(source)).flatMap(seenOf);

  test.each(sources)('%s: as a plain reading of the rules says', (source) => {
    const wrong = seenOf(source).flatMap(({ one, place, suspected: { entity, direction, why } }) => {
      const { rule, name } = suspectedOf(source, one.event);
      const same = entity.name.toLowerCase() === name && (DIRECTIONS[rule] ?? direction) === direction;
      return same ? [] : [`${place}: ${entity.name} ${direction} (${why.entity}), not ${name} (${rule})`];
    });
    expect(wrong).toEqual([]);
  });

  test.each(RULES)('some events fall under: %s', (rule) => {
    const under = sources.filter((source) =>
      (events.get(source) ?? []).some(({ event }) => suspectedOf(source, event).rule === rule),
    );
    expect(under).not.toEqual([]);
  });

  test('load balancers: an outside client of our server makes the server suspect, inbound', () => {
    const reached = seenOf('load_balancer').filter(
      ({ one }) => suspectedOf('load_balancer', one.event).rule === 'an outside client of our server',
    );
    expect(reached.length).toBeGreaterThan(0);
    for (const { one, suspected } of reached) {
      const { server = 'none', client } = endsOf(one.event);
      expect(suspected).toMatchObject({ entity: { type: 'address', name: server }, direction: 'inbound' });
      expect(suspected.entity.name).not.toBe(client);
    }
  });

  test('NetFlow: the two halves of a conversation make the same suspect', () => {
    const halves = seenOf('netflow').filter(({ one: { event } }) => isFlow(event));
    const forward = new Map(halves.map((seen) => [flowOf(seen.one.event, false), seen]));
    const pairs = halves.flatMap((reply) => {
      const asked = isReply(reply.one.event) ? forward.get(flowOf(reply.one.event, true)) : undefined;
      return asked === undefined ? [] : [{ reply, asked }];
    });
    expect(pairs.length).toBeGreaterThan(0);
    const apart = pairs.filter(({ reply, asked }) => reply.suspected.entity.name !== asked.suspected.entity.name);
    expect(apart.map(({ reply, asked }) => `${reply.place} and ${asked.place}`)).toEqual([]);
    expect(pairs.every(({ reply }) => reply.suspected.direction === 'outbound')).toBe(true);
  });

  test('what a device is called is not the suspect of traffic that it tells of', () => {
    const told = network.filter(({ one }) => textsOf(one.event, DEVICE_NAMES).length > 0);
    expect(new Set(told.map(({ one }) => one.source)).size).toBeGreaterThan(2);
    const device = told.filter(({ one, suspected: { entity } }) => {
      const names = textsOf(one.event, DEVICE_NAMES).map((name) => name.toLowerCase());
      const ends = textsOf(one.event, ['source.address', 'client.address']).map((text) => text.toLowerCase());
      return entity.type === 'host' || (names.includes(entity.name) && !ends.includes(entity.name));
    });
    expect(device.map(({ place }) => place)).toEqual([]);
  });

  test('addresses of exporters, observers and agents are neither suspect nor observed', () => {
    const told = network.filter(({ one }) => textsOf(one.event, DEVICE_ADDRESSES).length > 0);
    expect(told.filter(({ one }) => isFlow(one.event)).length).toBeGreaterThan(0);
    let apart = 0;
    for (const { one, observed, suspected, place } of told) {
      const { client, server } = endsOf(one.event);
      // With the port that the exporter's field holds: no event here has it elsewhere as text.
      const devices = textsOf(one.event, DEVICE_ADDRESSES).flatMap((text) => [text, text.replace(/:\d+$/, '')]);
      const only = devices.filter((address) => address !== client && address !== server);
      apart += only.length;
      const read = observed.observables.filter(({ kind }) => kind === 'address' || kind === 'socket');
      expect([place, ...read.filter(({ value }) => only.includes(value))]).toEqual([place]);
      expect([place, ...only]).not.toContain(suspected.entity.name);
    }
    expect(apart).toBeGreaterThan(0);
    const fields = new Set(sources.flatMap(seenOf).flatMap(({ observed }) => observed.observables.map((o) => o.field)));
    expect([...fields].filter((field) => /^(agent|observer|host)\.|exporter/.test(field))).toEqual([]);
  });
});
