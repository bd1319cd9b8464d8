import { join } from 'node:path';
import { Client } from '@elastic/elasticsearch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { down, up } from '../../scripts/elasticsearch/local.ts';
import { randomPrefix } from '../support/elasticsearch.ts';
import { describeReal, type Judged, placeOf, scanSource, sourcesOf } from './real-events.ts';
import { caughtBy } from './sigma/caught.ts';
import { sigmaQueries } from './sigma/queries.ts';
import { type Catches, sigmaTable } from './sigma/table.ts';

describeReal("Sigma's mining rules on real events", (data) => {
  const sources = sourcesOf(data);
  const index = randomPrefix('sigma-');
  let judged: readonly Judged[] = [];
  let mining = new Map<string, Set<string>>();
  let others = new Map<string, Set<string>>();
  const isCaught = (one: Judged): boolean => mining.has(placeOf(one));

  beforeAll(async () => {
    const queries = await sigmaQueries(join(data, 'intel/sigma_mining_rules.json'));
    const scans = await Promise.all(sources.map((source) => scanSource(data, source)));
    judged = scans.flatMap((scan) => scan.judged);
    const { url, started } = await up();
    const client = new Client({ node: url });
    try {
      const on = (mine: boolean) => queries.filter((query) => query.mining === mine);
      mining = await caughtBy(client, `${index}-mining`, on(true), judged);
      others = await caughtBy(client, `${index}-others`, on(false), judged);
    } finally {
      await client.indices.delete({ index: [`${index}-mining`, `${index}-others`] }, { ignore: [404] });
      await client.close();
      if (started) await down();
    }
  });

  afterAll(() => {
    const catches: Catches = { byMining: isCaught, byOthers: (one) => others.has(placeOf(one)) };
    process.stdout.write(`\nSigma's mining rules on the same events\n\n${sigmaTable(judged, catches)}\n\n`);
  });

  test('the rules work here: they catch mining in DNS events', () => {
    const caught = judged.filter((one) => one.source === 'dns' && one.label === 'mining' && isCaught(one));
    expect(caught.length).toBeGreaterThan(0);
  });

  test('what a mining rule of Sigma catches, minecanary catches', () => {
    const missed = judged.filter((one) => isCaught(one) && one.tagged === undefined);
    const told = missed.map(
      (one) => `${placeOf(one)} (${one.label}): ${[...(mining.get(placeOf(one)) ?? [])].join(', ')}`,
    );
    expect(told).toEqual([]);
  });
});
