/** The panels of the dashboard, drawn with what the aggregations say that they ask for. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { estypes } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { SEVERITY_COLOUR } from '../../src/convert/kibana/colours.ts';
import { DASHBOARD_OBJECTS, PANELS } from '../../src/convert/kibana/dashboard.ts';
import type { Json, Panel } from '../../src/convert/kibana/panels/spec.ts';
import { DAY_MS } from '../../src/model/time.ts';
import { openBrowser } from '../support/browser.ts';
import { ROOT } from '../support/cli.ts';
import { answerOf, type Box, type Drawn, draw, said, sheet, type Theme } from '../support/kibana.ts';
import { type Bucket, bucketsOf, hostBucket } from '../support/kibana-buckets.ts';
import { type Company, openCompany } from '../support/kibana-company.ts';

const PICTURES = process.env['MINECANARY_PICTURES'];
/** Pixels of a column and of a row, and of the title, in a window 1,300 pixels wide. */
const [COLUMN, ROW, TITLE] = [26.5, 28, 40];

let browser: Browser;
let company: Company;
const answers = new Map<string, Json>();

beforeAll(async () => {
  browser = await openBrowser();
  company = await openCompany();
  for (const { name, spec } of PANELS) answers.set(name, await ask(spec));
});
afterAll(async () => {
  await browser.close();
  await company.close();
});

/** Of the ledger, or within the time range. */
function ask(spec: Json, only?: estypes.QueryDslQueryContainer): Promise<Json> {
  const { corner, end } = company;
  const { url } = spec['data'] as { readonly url: Json };
  const own =
    url['%context%'] === true ? { term: { 'minecanary.scope': corner.name } } : { prefix: { source: corner.name } };
  return answerOf(corner.client, spec, { from: end - DAY_MS, to: end }, only ?? own);
}

function sizeOf({ name }: Panel): { width: number; height: number } {
  const { attributes } = DASHBOARD_OBJECTS.at(-1) ?? { attributes: {} };
  const places = JSON.parse(String(Object(attributes).panelsJSON)) as {
    panelIndex: string;
    gridData: Record<'w' | 'h', number>;
  }[];
  const { w, h } = places.find(({ panelIndex }) => panelIndex.endsWith(name))?.gridData ?? { w: 0, h: 0 };
  return { width: Math.floor(w * COLUMN), height: h * ROW - TITLE };
}

/** Without what only this test has in its names. */
function answerTo({ name }: Panel): Json {
  return JSON.parse(JSON.stringify(answers.get(name)).replaceAll(`${company.corner.name}-`, '')) as Json;
}

function drawn(panel: Panel, theme: Theme, answer = answerTo(panel), size = sizeOf(panel)): Promise<Drawn> {
  return draw(browser, panel.spec, answer, { theme, ...size });
}

function overlap(one: Box, other: Box): boolean {
  return (
    Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x) > 1 &&
    Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y) > 2
  );
}

/** Texts that lie on others, or leave the panel, or are cut. */
function unreadable({ texts, size }: Drawn): string[] {
  const out = texts.filter(
    ({ x, y, width, height }) => x < -1 || y < -2 || x + width > size.width + 1 || y + height > size.height + 2,
  );
  const over = texts.filter((one, i) => texts.some((other, j) => j > i && overlap(one, other)));
  const cut = texts.filter(({ text }) => text.includes('…'));
  return [...out, ...over, ...cut].map(({ text }) => text);
}

/** The aggregation at a path, whatever it is. */
function found(name: string, path: string): unknown {
  let here: unknown = (answers.get(name) ?? {})['aggregations'];
  for (const key of path.split('.')) here = Object(here)[key];
  return here;
}

function counted(name: string, path: string): [string, number][] {
  return (found(name, path) as Bucket[]).map(({ key, doc_count: count }) => [key, count]);
}

/** What the bars of a panel say, by their name. */
function barsOf({ bars }: Drawn, key = 'label'): [string, number][] {
  return bars.map((bar) => [said(bar, key), Number(said(bar, 'value').replaceAll(',', ''))]);
}

/** The numbers behind the bars, by the names before them. */
function written({ texts }: Drawn): [string, string][] {
  const rows = Map.groupBy(texts, ({ y, height }) => Math.round((y + height / 2) / 4));
  return [...rows.values()]
    .map((row) => row.toSorted((a, b) => a.x - b.x).map(({ text }) => text))
    .flatMap((row): [string, string][] => (row.length === 2 ? [[row[0] ?? '', row[1] ?? '']] : []));
}

describe.each(PANELS.map((panel) => [panel.name, panel] as const))('%s', (_, panel) => {
  test.each(['light', 'dark'] as const)('is drawn in the %s without a warning, and can be read', async (theme) => {
    const one = await drawn(panel, theme);
    expect(one.warnings).toEqual([]);
    expect(one.bars.length).toBeGreaterThan(0);
    expect(unreadable(one)).toEqual([]);
    expect(one.texts.map(({ text }) => text)).not.toContain('undefined');
    await one.page.close();
  });

  test('can be read in a narrow window', async () => {
    const { width, height } = sizeOf(panel);
    const one = await drawn(panel, 'light', answerTo(panel), { width: Math.floor(width * 0.8), height });
    expect(one.warnings).toEqual([]);
    expect(unreadable(one)).toEqual([]);
    await one.page.close();
  });

  test('says in words that there is nothing, and where there is no index yet', async () => {
    const nothing = await ask(panel.spec, { match_none: {} });
    const { aggregations: _none, ...bare } = nothing;
    for (const answer of [nothing, bare]) {
      const one = await drawn(panel, 'dark', answer);
      expect(one.warnings).toEqual([]);
      expect(one.bars).toEqual([]);
      expect(one.texts.map(({ text }) => text).join('\n')).toMatch(/^(No|None)\b.* \w+/m);
      expect(unreadable(one)).toEqual([]);
      await one.page.close();
    }
  });
});

function panelOf(name: string): Panel {
  const panel = PANELS.find((one) => one.name === name);
  if (panel === undefined) throw new Error(`There is no panel ${name}.`);
  return panel;
}

describe('the numbers', () => {
  test.each([
    ['incidents-by-severity', 'counted.severities.buckets'],
    ['top-pools', 'indicators.buckets'],
    ['evidence-kinds', 'kinds.buckets'],
  ])('of %s are those of the aggregation', async (name, path) => {
    const one = await drawn(panelOf(name), 'light');
    const wanted = counted(name, path);
    expect(wanted.length).toBeGreaterThan(1);
    expect(barsOf(one)).toEqual(wanted);
    expect(written(one)).toEqual(expect.arrayContaining(wanted.map(([key, count]) => [key, String(count)])));
    await one.page.close();
  });

  test('of the hosts are their events, in the colour of the worst incident', async () => {
    const one = await drawn(panelOf('top-hosts'), 'light');
    const buckets = found('top-hosts', 'counted.entities.buckets') as (Bucket &
      Record<'events' | 'worst', { value: number }> & { readonly names: { readonly buckets: readonly Bucket[] } })[];
    expect(barsOf(one)).toEqual(buckets.map(({ names, events }) => [names.buckets[0]?.key, events.value]));
    const colours: Readonly<Record<number, string>> = {
      21: SEVERITY_COLOUR.low,
      47: SEVERITY_COLOUR.medium,
      73: SEVERITY_COLOUR.high,
      99: SEVERITY_COLOUR.critical,
    };
    expect(one.fills).toEqual(buckets.map(({ worst }) => colours[worst.value]));
    expect(new Set(one.fills).size).toBeGreaterThan(1);
    await one.page.close();
  });

  test('of hosts of one name in several scopes stand apart', async () => {
    const buckets = ['berlin', 'oslo'].map((scope, i) => hostBucket(7 - i, '10.0.0.1', scope));
    const answer = { aggregations: { counted: { entities: { buckets } } } };
    const one = await drawn(panelOf('top-hosts'), 'light', answer);
    expect(one.warnings).toEqual([]);
    expect(barsOf(one)).toEqual([
      ['10.0.0.1 (berlin)', 7],
      ['10.0.0.1 (oslo)', 6],
    ]);
    await one.page.close();
  });

  test('of ports are those of each side, and behind them both together', async () => {
    const one = await drawn(panelOf('ports-by-side'), 'light');
    const sides = ['server', 'client'].map((side) => ({
      side,
      ports: counted('ports-by-side', `${side}.ports.buckets`),
    }));
    const wanted = sides.flatMap(({ side, ports }) => ports.map(([port, count]) => `${side} ${port} ${count}`));
    expect(one.bars.map((bar) => ['side', 'port', 'value'].map((key) => said(bar, key)).join(' ')).toSorted()).toEqual(
      wanted.toSorted(),
    );
    const totals = new Map<string, number>();
    for (const { ports } of sides) for (const [port, count] of ports) totals.set(port, (totals.get(port) ?? 0) + count);
    expect(written(one)).toEqual(expect.arrayContaining([...totals].map(([port, count]) => [port, String(count)])));
    await one.page.close();
  });

  test('of events over time add up to those of each source', async () => {
    const one = await drawn(panelOf('events-over-time'), 'light');
    const sums = new Map<string, number>();
    for (const [source, count] of barsOf(one, 'source')) sums.set(source, (sums.get(source) ?? 0) + count);
    const wanted = counted('events-over-time', 'sources.buckets');
    expect(Object.fromEntries(sums)).toEqual(Object.fromEntries(wanted));
    expect(wanted).toHaveLength(8);
    await one.page.close();
  });

  test('of the ledger name each source, and how far it is', async () => {
    const one = await drawn(panelOf('lag'), 'light');
    const told = written(one);
    expect(told.map(([source]) => source).toSorted()).toEqual(['hosts', 'names', 'network']);
    expect(told.filter(([, lag]) => !/^\d+ min behind$/.test(lag))).toEqual([]);
    await one.page.close();
    const failed = await drawn(panelOf('failures'), 'light');
    expect(barsOf(failed)).toEqual([['hosts', 1]]);
    await failed.page.close();
  });

  test('a source of which nothing is settled says so', async () => {
    const bucket = { key: 'new', doc_count: 1, settled: { value: null }, attempts: { value: 3 } };
    const one = await drawn(panelOf('lag'), 'light', { aggregations: { sources: { buckets: [bucket] } } });
    expect(written(one)).toEqual([['new', 'nothing settled yet, 3 passes begun']]);
    await one.page.close();
  });
});

/** Buckets as Elasticsearch answers at most, under names as long as there are. */
const FULL: Readonly<Record<string, () => Json>> = {
  'top-hosts': () => ({
    counted: {
      entities: {
        buckets: Array.from({ length: 10 }, (_, i) =>
          hostBucket(12_345_678 - i, `workstation-${i}.department.example.org`, 'default'),
        ),
      },
    },
  }),
  'top-pools': () => ({
    indicators: { buckets: bucketsOf(10, (i) => `*--coin=monero*--pool=stratum+tcp://pool-${i}.example.org:3333*`) },
  }),
  'evidence-kinds': () => ({ kinds: { buckets: bucketsOf(15, (i) => `command-line-${i}`) } }),
  'ports-by-side': () => ({
    server: { ports: { buckets: bucketsOf(8, (i) => String(10_000 + i)) } },
    client: { ports: { buckets: bucketsOf(8, (i) => String(50_000 + i)) } },
  }),
  lag: () => ({ sources: { buckets: bucketsOf(12, (i) => `a-source-with-a-long-name-${i}`) } }),
  failures: () => ({ sources: { buckets: bucketsOf(12, (i) => `a-source-with-a-long-name-${i}`) } }),
};

test.each(Object.keys(FULL))('%s: as many rows as there may be can be read', async (name) => {
  const one = await drawn(panelOf(name), 'light', { aggregations: FULL[name]?.() });
  expect(one.warnings).toEqual([]);
  expect(unreadable(one).filter((text) => !text.includes('--coin'))).toEqual([]);
  expect(one.bars.length).toBeGreaterThanOrEqual(10);
  expect(one.texts.filter(({ text }) => /\d|…/.test(text)).length).toBeGreaterThanOrEqual(2 * one.bars.length);
  await one.page.close();
});

test('hostile names stand there as they are', async () => {
  const key = '"}]} <img src=x onerror=alert(1)> {{value}} \\ \' datum.constructor';
  const answer = { aggregations: { indicators: { buckets: [{ key, doc_count: 3 }] } } };
  const one = await drawn(panelOf('top-pools'), 'light', answer, { width: 900, height: 200 });
  expect(one.warnings).toEqual([]);
  expect(barsOf(one)).toEqual([[key, 3]]);
  expect(await one.page.evaluate('document.images.length')).toBe(0);
  await one.page.close();
});

/** `MINECANARY_PICTURES=1 make test-browser JEST_ARGS="-- kibana"` makes those of the documentation anew. */
test.each(['light', 'dark'] as const)('all of them make a picture in the %s', async (theme) => {
  const all = await Promise.all(
    PANELS.map(async (panel) => {
      const size = sizeOf(panel);
      return {
        ...panel,
        width: size.width - 8,
        panel: await drawn(panel, theme, answerTo(panel), { ...size, width: size.width - 8 }),
      };
    }),
  );
  const picture = await sheet(browser, all, { theme, width: Math.ceil(48 * COLUMN) + 16 });
  for (const { panel } of all) await panel.page.close();
  expect(picture.length).toBeLessThan(150_000);
  if (PICTURES !== undefined) writeFileSync(join(ROOT, `docs/images/kibana-${theme}.png`), picture);
});
