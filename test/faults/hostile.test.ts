import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Folder, temporaryFolder } from '../support/cli.ts';
import { hostileEvent } from '../support/faults/hostile-events.ts';
import { inRound, randomOf, tell } from '../support/faults/round.ts';
import { read, runScan, type Scanned } from '../support/scan.ts';
import { at, type Corner, daysAgo, openCorner } from '../support/worker.ts';

const DOCUMENTS = inRound(1_000, 10_000);
const MINUTES = 60_000;
/** Characters of one bulk request. */
const MOST = 5_000_000;

type Json = Record<string, unknown>;

let corner: Corner;
let folder: Folder;
let texts: readonly string[];
beforeAll(async () => {
  corner = await openCorner();
  folder = temporaryFolder();
  const random = randomOf('hostile');
  texts = Array.from({ length: DOCUMENTS }, () => hostileEvent(random, daysAgo(1)));
});
afterAll(async () => {
  folder.remove();
  await corner.close();
});

/** What of a tag does not depend on when and by whom it was written. */
function essence(document: unknown): Json {
  const { kind, indicator, field, lookup, score, severity } = at(document, 'minecanary') as Json;
  return { kind, indicator, field, lookup, score, severity };
}

/** Puts the texts into two indices as they are; returns the ids of those that Elasticsearch took. */
async function putAll(): Promise<Set<string>> {
  const free = {
    number_of_shards: 1,
    'index.mapping.ignore_malformed': true,
    'index.mapping.total_fields.limit': 5000,
  };
  const settings = { ...free, 'index.mapping.total_fields.ignore_dynamic_beyond_limit': true };
  const date = { properties: { '@timestamp': { type: 'date' } } } as const;
  const indices = [
    await corner.index('-kept', { mappings: { dynamic: false, ...date } }),
    await corner.index('-mapped', { mappings: date, settings }),
  ];
  const taken = new Set<string>();
  let operations: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    const { items } = await corner.client.bulk({ operations, refresh: true });
    for (const { index } of items) if (index?.error === undefined) taken.add(index?._id ?? '');
    operations = [];
    characters = 0;
  };
  for (const [i, text] of texts.entries()) {
    operations.push(JSON.stringify({ index: { _index: indices[i % 2], _id: `e${i}` } }), text);
    characters += text.length;
    if (characters > MOST) await flush();
  }
  await flush();
  return taken;
}

/** The essence of each event that a scan tagged, by id, and how the scan ended. */
function scanned(): { readonly found: Map<string, Json>; readonly ended: Scanned } {
  folder.file('events', texts.map((text, i) => `{"_id":"e${i}","_source":${text}}\n`).join(''));
  const ended = runScan(folder, ['events', '--out', 'out', '--matched-only', '--json']);
  const lines = read(folder, 'out').split('\n').filter(Boolean);
  const found = lines.map((line) => {
    const { _id, _source } = JSON.parse(line) as { _id: string; _source: unknown };
    return [_id, essence(_source)] as const;
  });
  rmSync(join(folder.path, 'out'));
  return { found: new Map(found), ended };
}

test(
  `${DOCUMENTS} hostile events match the same in a file and in Elasticsearch, and harm nothing`,
  async () => {
    const begun = performance.now();
    const { found, ended } = scanned();
    const seconds = (performance.now() - begun) / 1000;
    const unreadable = (JSON.parse(ended.stdout) as { unreadable: number }).unreadable;
    expect(ended.code).toBe(unreadable > 0 ? 1 : 0);
    expect(found.size).toBeGreaterThan(DOCUMENTS / 4);
    // One line for each that is named, and nothing that a terminal or a log would take for more.
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(ended.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
    expect(ended.stderr.split('\n').filter((line) => !/^(?:error: events(?::\d+)?: .*)?$/.test(line))).toEqual([]);

    const taken = await putAll();
    const outcome = await corner.run({ config: { learn: false } });
    expect(outcome).toMatchObject({ errors: [], failed: 0 });
    const matches = await corner.matches();
    const stored = new Map(matches.map(({ source }) => [String(at(source, 'minecanary.event.id')), essence(source)]));
    const expected = [...found].filter(([id]) => taken.has(id));
    expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(expected));

    // Another run finds them all again, and changes nothing.
    const again = await corner.run({ config: { learn: false } });
    expect(again).toMatchObject({ errors: [], failed: 0, tagged: 0 });
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Json)['polluted']).toBeUndefined();
    tell(
      `hostile events tried: ${DOCUMENTS}, taken by Elasticsearch ${taken.size}, matched ${found.size} ` +
        `(${unreadable} unreadable), tags refused ${outcome.refused}; scan ${seconds.toFixed(1)} s; losses: 0`,
    );
  },
  15 * MINUTES,
);
