import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { pageOf } from '../../src/report/page/page.ts';
import type { Report } from '../../src/report/report.ts';
import { openBrowser } from '../support/browser.ts';
import { temporaryFolder } from '../support/cli.ts';
import { HOSTILE, hostileReport, incidentOf, incidentsOf, reportWith, SCANNED, WORKED } from '../support/report.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { viewport: { width: 360, height: 740 } };
const MANY = 10_000;

const REPORTS: Readonly<Record<string, () => Report>> = {
  'no incidents': () => reportWith([]),
  'one incident': () => reportWith([incidentOf(0)], { coverage: WORKED }),
  'all severities': () => reportWith(incidentsOf(40), { coverage: WORKED }),
  '10,000 incidents': () => reportWith(incidentsOf(MANY)),
  'hostile texts, from a scan': () => hostileReport(SCANNED),
  'hostile texts, from Elasticsearch': () => hostileReport(WORKED),
};
const NAMES = Object.keys(REPORTS);

const folder = temporaryFolder();
const files = new Map<string, string>();
let browser: Browser;
const contexts: BrowserContext[] = [];

beforeAll(async () => void (browser = await openBrowser()));
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  folder.remove();
});

interface Opened {
  readonly page: Page;
  /** Requests but for the page itself, violations of its policy, errors, dialogs. */
  readonly incidents: string[];
}

function fileOf(name: string): string {
  const made = REPORTS[name] ?? (() => reportWith([]));
  const file = files.get(name) ?? folder.file(`${files.size}.html`, pageOf(made()));
  files.set(name, file);
  return file;
}

async function open(name: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  const told: string[] = [];
  const url = pathToFileURL(fileOf(name)).href;
  page.on('request', (request) => {
    if (request.url() !== url) told.push(`request ${request.url()}`);
  });
  page.on('console', (message) => told.push(`console ${message.text()}`));
  page.on('pageerror', (error) => told.push(`error ${error.message}`));
  page.on('dialog', (dialog) => told.push(`dialog ${dialog.message()}`));
  page.on('popup', () => told.push('popup'));
  await page.goto(url);
  return { page, incidents: told };
}

const OPEN_ALL = 'for (const one of document.querySelectorAll("details")) one.open = true';

/** Of thousands of alike incidents a few are looked at: the tool is slow. */
const LEAVE_SOME = 'document.querySelectorAll(".incidents > li:nth-child(n + 12)").forEach((item) => item.remove())';

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(LEAVE_SOME);
  await page.evaluate(AXE);
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html.slice(0, 200))
        .slice(0, 3)
        .join(' ')}`,
  );
}

describe.each(NAMES)('a report of %s', (name) => {
  test('loads nothing, runs nothing of others, and keeps to its policy', async () => {
    const { page, incidents } = await open(name);
    await page.evaluate(OPEN_ALL);
    for (const link of (await page.locator('nav a').all()).slice(0, 7)) await link.click();
    expect(incidents).toEqual([]);
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect(await page.evaluate('document.scripts.length')).toBe(1);
    expect(
      await page.evaluate(
        'document.querySelectorAll("img, iframe, link, object, embed, base, [onerror], [onload]").length',
      ),
    ).toBe(0);
    expect(
      await page.evaluate(
        '[...document.links].filter(({ href }) => !href.startsWith("file://") || !href.includes("#")).length',
      ),
    ).toBe(0);
  });

  test.each(['light', 'dark'] as const)('is accessible in the %s', async (colorScheme) => {
    const { page } = await open(name, { colorScheme });
    expect(await violations(page)).toEqual([]);
  });

  test('fits a phone', async () => {
    const { page } = await open(name, PHONE);
    const width = 'document.documentElement.scrollWidth';
    expect(await page.evaluate(width)).toBe(360);
    await page.evaluate(LEAVE_SOME);
    await page.evaluate(OPEN_ALL);
    expect(await page.evaluate(width)).toBe(360);
  });
});

test('the hostile texts break a page that takes them as they are', async () => {
  // One of them leads away from the page.
  const staying = HOSTILE.filter((text) => !text.includes('refresh'));
  files.set('broken', folder.file('broken.html', `<!doctype html><title>broken</title>${staying.join('')}`));
  const { page, incidents } = await open('broken');
  expect(await page.evaluate('window.broken')).toBeDefined();
  expect(incidents.filter((one) => one.startsWith('request https://evil.example'))).not.toEqual([]);
});

/** Everything that can have the focus, in order. */
const FOCUSABLE = `[...document.querySelectorAll('a[href], summary, input, button, [tabindex="0"]')]
  .filter((one) => one.checkVisibility({ contentVisibilityAuto: false, visibilityProperty: true }))`;

describe('by keyboard', () => {
  test('all that can be used is reached, in the order of the page, and shows that it has the focus', async () => {
    const { page } = await open('one incident');
    await page.evaluate(`window.wanted = ${FOCUSABLE}; window.reached = []; window.outlined = 0`);
    const count = await page.evaluate<number>('wanted.length');
    expect(count).toBeGreaterThan(12);
    for (let i = 0; i < count; i += 1) {
      await page.keyboard.press('Tab');
      await page.evaluate(
        'reached.push(document.activeElement); outlined += getComputedStyle(document.activeElement).outlineStyle !== "none"',
      );
    }
    expect(await page.evaluate('wanted.every((one, i) => reached[i] === one)')).toBe(true);
    expect(await page.evaluate('outlined')).toBe(count);
  });

  test('an incident is opened and closed', async () => {
    const { page } = await open('one incident');
    const details = page.locator('.incident').first();
    await details.locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await details.getByText('asked for pool.minexmr.com').last().isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await details.getAttribute('open')).toBeNull();
  });

  test('the first link leads over the head to the incidents', async () => {
    const { page } = await open('all severities');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#incidents');
  });
});

describe('of 10,000 incidents', () => {
  test('the filter leaves those with all the words, and gives them back', async () => {
    const { page } = await open('10,000 incidents');
    const input = page.locator('.filter input');
    const left = '[...document.querySelectorAll(".incidents > li")].filter((item) => item.checkVisibility()).length';
    expect(await page.evaluate('document.querySelectorAll(".incidents > li").length')).toBe(MANY);
    await input.fill('host-4242.example MINEXMR');
    await page.locator('.filter output', { hasText: '1 of 10,000 incidents' }).waitFor();
    expect(await page.evaluate(left)).toBe(1);
    await input.fill('no such word');
    await page.locator('.filter output', { hasText: '0 of 10,000 incidents' }).waitFor();
    expect(await page.evaluate(left)).toBe(0);
    await input.fill('');
    await page.locator('.filter output:empty').waitFor({ state: 'attached' });
    expect(await page.evaluate(left)).toBe(1000);
  });

  test('each has a place of its own to link to', async () => {
    const { page } = await open('10,000 incidents');
    const ids = 'new Set([...document.querySelectorAll("[id]")].map(({ id }) => id)).size';
    const all = 'document.querySelectorAll("[id]").length';
    expect(await page.evaluate(`${ids} === ${all}`)).toBe(true);
  });
});

test('what to do first leads to its incident, opened', async () => {
  const { page } = await open('all severities');
  await page.locator('.steps a').nth(2).click();
  const target = page.locator('.incidents > li:target');
  expect(await target.count()).toBe(1);
  expect(await target.locator('details').getAttribute('open')).not.toBeNull();
});

test('is complete without its script', async () => {
  const { page } = await open('all severities', { javaScriptEnabled: false });
  expect(await page.locator('.filter').isVisible()).toBe(false);
  expect(await page.locator('.incidents > li').count()).toBe(40);
  const last = page.locator('.group').last();
  expect(await last.locator('.incident').last().isVisible()).toBe(true);
  await last.locator('.incident summary').last().click();
  expect(await last.getByText('asked for pool.minexmr.com').last().isVisible()).toBe(true);
});

test('the charts say in a table what they draw', async () => {
  const { page } = await open('all severities');
  await page.getByText('The numbers by day').click();
  const rows = page.getByRole('region', { name: 'Incidents by day and severity' }).locator('tbody tr');
  expect(await rows.count()).toBe(30);
  const all = await rows.locator('td:nth-of-type(1)').allTextContents();
  expect(all.reduce((sum, text) => sum + Number(text), 0)).toBe(40);
});

describe('in print', () => {
  test.each(NAMES)('a report of %s is a document', async (name) => {
    const { page, incidents } = await open(name);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(10_000);
    expect(incidents).toEqual([]);
  });

  test('the details of the most severe stand open, and what is of use on a screen alone is left out', async () => {
    const { page } = await open('all severities', { viewport: { width: 700, height: 1000 }, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    const heights = await page.evaluate<number[]>(
      '[...document.querySelectorAll(".incident .facts")].map((one) => one.checkVisibility() ? one.offsetHeight : 0)',
    );
    expect(heights.slice(0, 10).every((height) => height > 50)).toBe(true);
    expect(heights.slice(10).every((height) => height === 0)).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('.filter').isVisible()).toBe(false);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });
});
