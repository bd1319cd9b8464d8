import { createHash } from 'node:crypto';
import { type ComponentChild, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Report } from '../report.ts';
import { BarTable } from './bars.ts';
import { Coverage } from './coverage.ts';
import { placesOf } from './incident.ts';
import { Incidents } from './incidents.ts';
import { Indicators, NearMisses } from './indicators.ts';
import { Methods } from './methods.ts';
import { PeriodChart } from './periods.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { Summary } from './summary.ts';
import { minute, Outside, shown } from './text.ts';

/** Nothing is loaded, sent or run but the style sheet and the script of the page itself. */
const POLICY = [
  "default-src 'none'",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLE)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const SECTIONS = [
  ['summary', 'Summary'],
  ['charts', 'Charts'],
  ['incidents', 'Incidents'],
  ['indicators', 'Indicators'],
  ['near-misses', 'Near misses'],
  ['coverage', 'Coverage'],
  ['methods', 'Methods'],
] as const;

/** The report as one HTML page that needs nothing else. Complete without its script. */
export function pageOf(report: Report): string {
  const title = `Cryptomining report${rangeText(report)}`;
  return `<!doctype html>\n${renderToString(
    h(
      'html',
      { lang: 'en' },
      h(
        'head',
        null,
        h('meta', { charset: 'utf-8' }),
        h('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'referrer', content: 'no-referrer' }),
        h('title', null, title),
        h('style', { dangerouslySetInnerHTML: { __html: STYLE } }),
      ),
      h(
        'body',
        null,
        h('a', { class: 'skip', href: '#incidents' }, 'Skip to the incidents'),
        h(Head, { report }),
        h(Main, { report }),
        h(Foot, { report }),
        h('script', { dangerouslySetInnerHTML: { __html: SCRIPT } }),
      ),
    ),
  )}\n`;
}

function rangeText({ range }: Report): string {
  if (range === undefined) return '';
  const { from, to } = range;
  return shown(from === to ? `, ${from}` : `, ${from} to ${to}`, 40);
}

function Head({ report }: { readonly report: Report }): ComponentChild {
  const { scope, range, coverage, made } = report;
  const days = range === undefined ? 'No dated evidence' : `${rangeText(report).slice(2)} UTC`;
  const where =
    coverage.of === 'scan' ? ['a scan of ', h(Outside, { text: coverage.file, longest: 120 })] : 'Elasticsearch';
  return h(
    'header',
    null,
    h('p', { class: 'brand' }, 'minecanary'),
    h('h1', null, 'Cryptomining report'),
    h(
      'p',
      { class: 'muted' },
      h('strong', null, days),
      ' · from ',
      where,
      scope === undefined ? null : [' · scope ', h(Outside, { text: scope, longest: 120 })],
      ' · made ',
      h('span', { class: 'fixed' }, `${minute(made)} UTC`),
    ),
    h(
      'nav',
      { 'aria-label': 'Sections' },
      h(
        'ul',
        null,
        SECTIONS.map(([id, name]) => h('li', null, h('a', { href: `#${id}` }, name))),
      ),
    ),
  );
}

function Main({ report }: { readonly report: Report }): ComponentChild {
  const places = placesOf(report.incidents);
  const { periods, datasets, kinds } = report;
  return h(
    'main',
    null,
    h(Summary, { report, places }),
    h(
      'section',
      { id: 'charts', 'aria-labelledby': 'charts-title' },
      h('h2', { id: 'charts-title' }, 'Charts'),
      periods.length === 0
        ? h('p', { class: 'muted' }, 'There is nothing to draw.')
        : [
            h(PeriodChart, { periods }),
            h(
              'div',
              { class: 'pair' },
              h(BarTable, { caption: 'Events by data source', of: 'data source', counts: datasets }),
              h(BarTable, { caption: 'Events by kind of evidence', of: 'kind', counts: kinds }),
            ),
          ],
    ),
    h(Incidents, { report, places }),
    h(Indicators, { report }),
    h(NearMisses, { facts: report.near_misses }),
    h(Coverage, { coverage: report.coverage, isOfAll: report.scope !== undefined }),
    h(Methods, { report }),
  );
}

function Foot({ report: { version } }: { readonly report: Report }): ComponentChild {
  return h(
    'footer',
    null,
    h('p', null, `minecanary ${version}. Times are UTC. This page loads nothing and sends nothing.`),
  );
}
