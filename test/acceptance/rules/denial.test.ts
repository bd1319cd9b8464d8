import { afterAll, expect, test } from '@jest/globals';
import { markdownTable } from '../markdown.ts';
import { describeReal } from '../real-events.ts';
import { lookWith, readAll } from './every.ts';
import { type Denial, denialOf, textsOf } from './plain.ts';

const DENIALS: readonly Denial[] = ['type', 'action', 'no such name', 'sinkhole'];

describeReal('real events that are denied', (data) => {
  const events = readAll(data);
  const look = lookWith();
  const sources = [...events.keys()];
  const counts = new Map<string, readonly number[]>();

  afterAll(() => {
    const rows = [...counts].map(([source, some]) => [source, ...some]);
    process.stdout.write(`\nDenied events\n\n${markdownTable(['source', 'events', 'denied', ...DENIALS], rows)}\n\n`);
  });

  test.each(sources)('%s: those of which a plain reading says so', (source) => {
    const seen = (events.get(source) ?? []).map(look);
    const denied = seen.filter(({ context }) => context.denied);
    const read = seen.filter(({ one }) => denialOf(one.event) !== undefined);
    expect(denied.map(({ place }) => place)).toEqual(read.map(({ place }) => place));
    const ways = DENIALS.map((way) => read.filter(({ one }) => denialOf(one.event) === way).length);
    counts.set(source, [seen.length, denied.length, ...ways]);
  });

  test.each<[string, Denial]>([
    ['firewall', 'type'],
    ['firewall', 'action'],
    ['firewall', 'no such name'],
    ['ids', 'action'],
    ['load_balancer', 'action'],
    ['netflow', 'action'],
    ['proxy', 'action'],
    ['dns', 'no such name'],
    ['dns', 'sinkhole'],
  ])('%s: some are denied by %s', (source, way) => {
    expect((events.get(source) ?? []).filter(({ event }) => denialOf(event) === way)).not.toEqual([]);
  });

  test('event.outcome says nothing of it: there are failures that were let through, and denials that succeeded', () => {
    const all = sources.flatMap((source) => events.get(source) ?? []).map(look);
    const outcome = (text: string) => all.filter(({ one }) => textsOf(one.event, ['event.outcome']).includes(text));
    expect(outcome('failure').filter(({ context }) => !context.denied)).not.toEqual([]);
    expect(outcome('success').filter(({ context }) => context.denied)).not.toEqual([]);
  });
});
