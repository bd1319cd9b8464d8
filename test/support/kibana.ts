/** Panels, drawn in a browser as Kibana draws them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Client, estypes } from '@elastic/elasticsearch';
import type { Browser, Page } from 'playwright-core';
import type { Json } from '../../src/convert/kibana/panels/spec.ts';

const { resolve } = createRequire(import.meta.url);
const SCRIPTS = ['vega/build/vega.min.js', 'vega-lite/build/vega-lite.min.js'].map((name) => {
  const [library = ''] = name.split('/');
  return readFileSync(resolve(library).replace(/\/build\/.*/, name.slice(library.length)), 'utf8');
});

export type Theme = 'light' | 'dark';

/**
 * What Kibana lays under the configuration of each panel. Source: `_setDefaultColors` of vega_parser.ts and
 * `VegaThemeColors` of Kibana's vis_types/vega; the background is that of a panel.
 */
const THEMES = {
  light: { background: '#ffffff', title: '#343741', label: '#69707d', grid: '#eef0f3' },
  dark: { background: '#1d1e24', title: '#d4dae5', label: '#98a2b3', grid: '#343741' },
} as const;
const CATEGORIES = [
  '#54b399',
  '#6092c0',
  '#d36086',
  '#9170b8',
  '#ca8eae',
  '#d6bf57',
  '#b9a888',
  '#da8b45',
  '#aa6556',
  '#e7664c',
];

function themeConfig(theme: Theme): Json {
  const { title, label, grid } = THEMES[theme];
  return {
    range: { category: CATEGORIES },
    mark: { color: CATEGORIES[0] },
    style: {
      'guide-label': { fill: label },
      'guide-title': { fill: title },
      'group-title': { fill: title },
      'group-subtitle': { fill: title },
    },
    axis: { tickColor: grid, domainColor: grid, gridColor: grid, titleFontWeight: 500 },
    area: { fillOpacity: 0.2 },
    view: { stroke: null },
    background: 'transparent',
  };
}

/** What the time picker says, milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

interface Url {
  readonly index: string;
  readonly body: { readonly query?: estypes.QueryDslQueryContainer; readonly aggs: Json };
  readonly '%timefield%'?: string;
}

/** `_roundInterval` of the same, from a minute to half a day. */
const INTERVALS = [
  [180_000, '1m'],
  [450_000, '5m'],
  [1_200_000, '10m'],
  [2_700_000, '30m'],
  [7_200_000, '1h'],
  [21_600_000, '3h'],
  [86_400_000, '12h'],
] as const;

/** Puts the time range in where Kibana does. Source: es_query_parser.ts of Kibana's vis_types/vega. */
function inTime(value: unknown, range: TimeRange): unknown {
  if (Array.isArray(value)) return value.map((one) => inTime(one, range));
  if (typeof value !== 'object' || value === null) return value;
  const bound = (value as Json)['%timefilter%'];
  if (bound === 'min') return range.from;
  if (bound === 'max') return range.to;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => {
      const buckets = key === 'interval' ? (own as Json)['%autointerval%'] : undefined;
      if (typeof buckets !== 'number') return [key, inTime(own, range)];
      const asked = (range.to - range.from) / buckets;
      return ['fixed_interval', INTERVALS.find(([most]) => asked <= most)?.[1] ?? '24h'];
    }),
  );
}

/** Asks Elasticsearch what Kibana would ask for a panel, with a filter of the dashboard. */
export async function answerOf(
  client: Client,
  spec: Json,
  range: TimeRange,
  filter: estypes.QueryDslQueryContainer,
): Promise<Json> {
  const { index, body, '%timefield%': time } = (spec['data'] as { readonly url: Url }).url;
  const times =
    time === undefined ? [] : [{ range: { [time]: { gte: range.from, lte: range.to, format: 'epoch_millis' } } }];
  const own = body.query === undefined ? [] : [body.query];
  const found = await client.search({
    index,
    size: 0,
    ignore_unavailable: true,
    query: { bool: { filter: [...times, ...own, filter] } },
    aggs: inTime(body.aggs, range) as Record<string, estypes.AggregationsAggregationContainer>,
  });
  return found as unknown as Json;
}

/** A text as it lies on the page, and a drawn bar. */
export interface Box {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawn {
  readonly page: Page;
  /** Of Vega, Vega-Lite and the page. */
  readonly warnings: readonly string[];
  readonly texts: readonly Box[];
  /** Bars that can be seen: their descriptions, as assistive technology reads them, such as `value: 3; label: low`. */
  readonly bars: readonly string[];
  readonly fills: readonly string[];
  readonly size: { readonly width: number; readonly height: number };
}

/** In the page: compiles and draws as vega_parser.ts and vega_base_view.js of Kibana do, but as SVG. */
const DRAW = `async ({ spec, theme, answer, size }) => {
  const warnings = [];
  const log = (...words) => void warnings.push(words.map(String).join(' '));
  const logger = { level: () => logger, warn: log, error: log, info: () => logger, debug: () => logger };
  const lay = (under, over) => {
    if (over === undefined) return under;
    if (typeof over !== 'object' || over === null || Array.isArray(over)) return over;
    const laid = { ...under };
    for (const key of Object.keys(over)) laid[key] = lay(under?.[key], over[key]);
    return laid;
  };
  const { url, ...data } = spec.data;
  const full = {
    ...spec,
    data: { ...data, values: answer },
    config: lay(theme, spec.config),
    width: 'container',
    height: 'container',
    autosize: { type: 'fit', contains: 'padding' },
  };
  const compiled = vegaLite.compile(full, { logger }).spec;
  // Kibana interprets expressions, and has them parsed for that.
  vega.parse(compiled, undefined, { ast: true });
  const view = new vega.View(vega.parse(compiled), { renderer: 'svg', logger, container: '#panel' });
  view.width(size.width).height(size.height);
  await view.runAsync();
  // It is laid out again once its axes are known.
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await view.runAsync();
  const box = ({ textContent: text }, { x, y, width, height }) => ({ text, x, y, width, height });
  const inside = (one) => one.checkVisibility() && one.getAttribute('opacity') !== '0';
  const svg = document.querySelector('#panel svg');
  const marks = [...svg.querySelectorAll('.mark-rect.role-mark path')].filter((one) => one.getBBox().width > 0 && one.getBBox().height > 0);
  return {
    warnings,
    texts: [...svg.querySelectorAll('text')].filter((one) => one.textContent !== '' && inside(one)).map((one) => box(one, one.getBoundingClientRect())),
    bars: marks.map((one) => one.getAttribute('aria-label') ?? ''),
    fills: marks.map((one) => one.getAttribute('fill')),
  };
}`;

export interface Canvas {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
}

/** Draws a panel with an answer; the page stays open until the browser's context is closed. */
export async function draw(browser: Browser, spec: Json, answer: Json, canvas: Canvas): Promise<Drawn> {
  const { theme, width, height } = canvas;
  const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'UTC', locale: 'en-GB' });
  const told: string[] = [];
  page.on('request', (request) => void (request.url() === 'about:blank' || told.push(`request ${request.url()}`)));
  page.on('console', (message) => told.push(`console ${message.text()}`));
  page.on('pageerror', (error) => told.push(`error ${error.message}`));
  await page.setContent(
    `<!doctype html><style>body{margin:0;background:${THEMES[theme].background};` +
      `font-family:Inter,"DejaVu Sans",sans-serif}#panel{width:100vw;height:100vh;overflow:hidden}</style><div id="panel"></div>`,
  );
  for (const script of SCRIPTS) await page.evaluate(script);
  const size = { width: width - 1, height: height - 1 };
  const given = JSON.stringify({ spec, theme: themeConfig(theme), answer, size });
  const drawn = await page.evaluate<Omit<Drawn, 'page' | 'size'>>(`(${DRAW})(${given})`);
  return { ...drawn, page, size: { width, height }, warnings: [...told, ...drawn.warnings] };
}

/** What a description says under a key. */
export function said(description: string, key: string): string {
  return new RegExp(`(?:^|; )${key}: ([^;]*)`).exec(description)?.[1] ?? '';
}

/** The drawings side by side, as a dashboard shows them; `width` is that of the whole. */
export async function sheet(
  browser: Browser,
  drawn: readonly { readonly name: string; readonly title: string; readonly width: number; readonly panel: Drawn }[],
  { theme, width }: Pick<Canvas, 'theme' | 'width'>,
): Promise<Buffer> {
  const cells: string[] = [];
  for (const one of drawn) {
    const svg = await one.panel.page.evaluate<string>('document.querySelector("#panel svg").outerHTML');
    // Each drawing counts its clips from 0.
    const own = svg.replaceAll(/clip(?=\d)/g, `${one.name}-clip`);
    cells.push(`<section style="width:${one.width}px"><h3>${one.title}</h3>${own}</section>`);
  }
  const { background, title } = THEMES[theme];
  const ground = theme === 'light' ? '#f6f9fc' : '#0b0c10';
  const page = await browser.newPage({ viewport: { width, height: 100 } });
  await page.setContent(
    `<style>body{background:${ground};color:${title};font:14px "DejaVu Sans",sans-serif;margin:8px;display:flex;flex-wrap:wrap;` +
      `gap:8px}section{background:${background};border-radius:6px;overflow:hidden}h3{font-size:13px;margin:8px 12px 0}` +
      `svg{display:block}</style>${cells.join('')}`,
  );
  const picture = await page.screenshot({ fullPage: true });
  await page.close();
  return picture;
}
