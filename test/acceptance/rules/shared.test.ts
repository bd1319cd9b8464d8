import { expect, test } from '@jest/globals';
import { describeReal, type Labelled, placeOf } from '../real-events.ts';
import { lookWith, readAll } from './every.ts';
import { endsOf, plainAddress, portsOf, suspectedOf, textsOf } from './plain.ts';

function mostFrequent(addresses: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'none';
}

function suspectOf({ source, event }: Labelled) {
  return suspectedOf(source, event);
}

describeReal('real events of hosts that stand for many', (data) => {
  const events = readAll(data);
  const all = [...events.values()].flat();
  const ofSource = (source: string) => events.get(source) ?? [];

  /** The server that most DNS questions go to, of those that ask others in turn; and who makes most proxy requests. */
  const asking = new Set(ofSource('dns').map((one) => suspectOf(one).name));
  const resolver = mostFrequent(
    ofSource('dns')
      .filter(({ event }) => portsOf(event)[1] === 53)
      .flatMap(({ event }) => endsOf(event).server ?? [])
      .filter((address) => asking.has(address)),
  );
  const proxy = mostFrequent(ofSource('proxy').flatMap(({ event }) => endsOf(event).client ?? []));

  test.each([
    ['the resolver', resolver, 'dns'],
    ['the proxy', proxy, 'proxy'],
  ])('%s: whom it asked for is suspect, or it stays itself, marked shared', (_what, host, source) => {
    const look = lookWith({ shared_hosts: [host] });
    const through = ofSource(source).filter((one) => suspectOf(one).name === host);
    expect(through.length).toBeGreaterThan(0);
    for (const one of through) {
      const [user] = textsOf(one.event, ['user.name', 'source.user.name']);
      const behind = { type: 'user', name: user, shared: false };
      const itself = { type: 'address', name: host, shared: true };
      expect([placeOf(one), look(one).suspected.entity]).toEqual([placeOf(one), user === undefined ? itself : behind]);
      // No real event here tells network.forwarded_ip: the same events, told.
      const network = { ...(one.event['network'] as object | undefined), forwarded_ip: '10.200.0.7' };
      const told = look({ ...one, event: { ...one.event, network } });
      expect(told.suspected.entity).toEqual({ type: 'address', name: '10.200.0.7', shared: false });
    }
  });

  test('the resolver itself, marked shared, is suspect of some; a user behind the proxy of others', () => {
    const look = lookWith({ shared_hosts: [resolver, proxy] });
    const entities = all.map((one) => look(one).suspected.entity);
    expect(entities.some(({ type, name, shared }) => type === 'address' && name === resolver && shared)).toBe(true);
    expect(entities.some(({ type }) => type === 'user')).toBe(true);
  });

  test('whoever is no shared host is suspect as before', () => {
    const [look, before] = [lookWith({ shared_hosts: [resolver, proxy] }), lookWith()];
    const others = all.filter((one) => ![resolver, proxy].includes(suspectOf(one).name));
    expect(others.length).toBeGreaterThan(0);
    for (const one of others) {
      expect([placeOf(one), look(one).suspected]).toEqual([placeOf(one), before(one).suspected]);
    }
  });

  test('reached from outside, a shared server stays itself, whatever user or address is named', () => {
    const reached = all.filter((one) => suspectOf(one).rule === 'an outside client of our server');
    expect(reached.length).toBeGreaterThan(0);
    for (const one of reached) {
      const server = plainAddress(suspectOf(one).name);
      const { entity, direction } = lookWith({ shared_hosts: [server] })(one).suspected;
      expect([placeOf(one), entity, direction]).toEqual([
        placeOf(one),
        { type: 'address', name: server, shared: true },
        'inbound',
      ]);
    }
  });
});
