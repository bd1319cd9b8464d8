/** What share of pairs of hosts the beacon hunt lists, of mining and of benign ones. */
import { afterAll, expect, test } from '@jest/globals';
import { isLongLived, isPeriodic, type PairStats, pairsOf, statsOf } from '../support/beacons.ts';
import { markdownTable, percent } from './markdown.ts';
import { COMPOSED, describeReal, type Labelled, readSource, sourcesOf } from './real-events.ts';

interface Pair {
  readonly name: string;
  readonly mining: boolean;
  readonly stats: PairStats;
}

function pairsIn(events: readonly Labelled[]): Pair[] {
  const labels = new Map(events.map(({ event, label }) => [event, label]));
  return [...pairsOf(events.map(({ event }) => event))].map(([name, some]) => ({
    name,
    mining: some.some((event) => labels.get(event) === 'mining'),
    stats: statsOf(some),
  }));
}

function share(some: readonly Pair[], is: (stats: PairStats) => boolean): string {
  const count = some.filter(({ stats }) => is(stats)).length;
  return `${count} (${percent(count, some.length, 1)})`;
}

const isListed = (stats: PairStats): boolean => isLongLived(stats) || isPeriodic(stats);
const minutesSeen = ({ earliest, latest, longest = 0 }: PairStats): number =>
  Math.max(latest - earliest, longest / 1e6) / 60_000;
/** Whether the capture could show it at all. */
const isLongSeen = (stats: PairStats): boolean => minutesSeen(stats) >= 60;

describeReal('the beacon hunt on real events', (data) => {
  const sources = sourcesOf(data).filter((source) => source !== COMPOSED);
  const pairs = pairsIn(sources.flatMap((source) => readSource(data, source)));
  const [mining, benign] = [pairs.filter((pair) => pair.mining), pairs.filter((pair) => !pair.mining)];

  afterAll(() => {
    const row = (what: string, is: (stats: PairStats) => boolean) => [what, share(mining, is), share(benign, is)];
    const table = markdownTable(
      ['pairs of client, server and port', `mining: ${mining.length}`, `benign: ${benign.length}`],
      [
        row('listed', isListed),
        row('because long-lived', (stats) => isLongLived(stats)),
        row('because periodic', isPeriodic),
        row('seen over an hour or more', isLongSeen),
        row('long-lived, if 10 seconds were enough', (stats) => isLongLived(stats, 10e9)),
      ],
    );
    const longest = Math.max(...mining.map(({ stats }) => minutesSeen(stats)));
    const seen = `No pair of mining was seen for more than ${Math.ceil(longest)} minutes.`;
    process.stdout.write(`\nThe beacon hunt on real events\n\n${table}\n\n${seen}\n\n`);
  });

  test('there are pairs of both labels to look at', () => {
    expect(mining.length).toBeGreaterThan(0);
    expect(benign.length).toBeGreaterThan(0);
  });

  test('only pairs that were seen long enough are listed', () => {
    expect(pairs.filter(({ stats }) => isListed(stats) && !isLongSeen(stats))).toEqual([]);
  });
});
