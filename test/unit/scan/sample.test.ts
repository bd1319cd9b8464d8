import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCli, temporaryFolder } from '../../support/cli.ts';
import { sampleEvents } from '../../support/sample/index.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const events = [...sampleEvents({ seed: 11, end: new Date(), perSource: 400, miningShare: 0.04 })];

test('of the sample exactly the expected events match, and the others stay as they are', async () => {
  const texts = events.map(({ document }) => JSON.stringify(document));
  const file = folder.file('events.ndjson', `${texts.join('\n')}\n`);
  const out = join(folder.path, 'out.ndjson');
  const { code, stdout } = await runCli(['scan', file, '--out', out, '--json']);
  expect(code).toBe(0);
  const written = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(written).toHaveLength(events.length);
  const expected = events.map(({ expected: some }) => some.length > 0);
  expect(written.map((line, i) => line !== texts[i])).toEqual(expected);
  expect(JSON.parse(stdout)).toMatchObject({ seen: events.length, matched: expected.filter(Boolean).length });
  for (const [i, line] of written.entries()) {
    if (!expected[i]) continue;
    const { minecanary } = JSON.parse(line) as { minecanary: { indicator: string[]; kind: string[] } };
    const sought = events[i]?.expected ?? [];
    expect(new Set(minecanary.indicator)).toEqual(new Set(sought.map(({ indicator }) => indicator)));
    expect(new Set(minecanary.kind)).toEqual(new Set(sought.map(({ kind }) => kind)));
  }
});
