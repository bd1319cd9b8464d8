import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { pageOf } from '../../../src/report/page/page.ts';
import { shown } from '../../../src/report/page/text.ts';
import type { Report } from '../../../src/report/report.ts';
import {
  HOSTILE,
  hostileReport,
  incidentOf,
  incidentsOf,
  reportWith,
  SCANNED,
  WORKED,
  withTexts,
} from '../../support/report.ts';

/** The tags of a page with the names of their attributes, without any text or value. */
function skeleton(page: string): string[] {
  const bare = page.replaceAll(/<(style|script)>.*?<\/\1>/gs, '<$1>');
  return [...bare.matchAll(/<\/?[a-z!][^>]*>/g)].map(([tag]) => tag.replaceAll(/"[^"]*"/g, ''));
}

function hashIn(page: string, element: 'style' | 'script'): string {
  const [, text = ''] = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page) ?? [];
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

describe('the page', () => {
  const page = pageOf(reportWith(incidentsOf(3), { coverage: WORKED }));

  test('lets in its own style and script, and nothing else', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hashIn(page, 'script')}`,
      `style-src ${hashIn(page, 'style')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/ style=| on[a-z]+=| src=/);
  });

  test('says what to do first, why, and how far it was looked', () => {
    expect(page).toContain('host-0.example asked for pool.minexmr.com');
    expect(page).toContain('It mines, or tried to.');
    expect(page).toContain('Close a gap: logs is 2h behind');
    expect(page).toContain('never');
  });

  test('says so where there is nothing', () => {
    const empty = pageOf(reportWith([], { nearMisses: { looked: false, why: 'They are not looked for.' } }));
    expect(empty).toContain('No evidence of cryptomining was found.');
    expect(empty).toContain('They are not looked for.');
    expect(empty).not.toContain('NaN');
  });

  test('says how many incidents it leaves out', () => {
    const report = reportWith(incidentsOf(30));
    const some: Report = { ...report, incidents: report.incidents.slice(0, 10), left_out: 20 };
    expect(pageOf(some)).toContain('20 more stand in the numbers alone');
  });

  test('does not call weak evidence proof', () => {
    const weak = pageOf(reportWith([incidentOf(6), incidentOf(7)]));
    expect(weak).toContain('none of them above medium');
    expect(weak).not.toContain('What to do first</h3><ol class="steps"><li><a');
  });
});

describe('texts from outside', () => {
  test('change no tag and no attribute, whatever they are', () => {
    const report = reportWith([incidentOf(0)], { coverage: WORKED });
    const plain = skeleton(pageOf(withTexts(report, () => 'plain')));
    assert(
      property(string({ unit: 'binary', minLength: 1, maxLength: 40 }), (text) => {
        expect(skeleton(pageOf(withTexts(report, () => text.replaceAll(/[._/`-]/g, ''))))).toEqual(plain);
      }),
      { numRuns: 50 },
    );
  });

  test.each([SCANNED, WORKED])('make no page longer than they may: $of', (coverage) => {
    const page = pageOf(hostileReport(coverage));
    expect(page.length).toBeLessThan(400_000);
    expect(page.match(/<img/g)).toBeNull();
    expect(page.match(/<script/g)).toHaveLength(1);
    const unseen = page.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu) ?? [];
    expect(unseen.filter((one) => one !== '\n')).toEqual([]);
    expect(page.isWellFormed()).toBe(true);
  });

  test.each([
    ['a\0b', 'a‹0000›b'],
    ['\u202egnp.exe', '‹202E›gnp.exe'],
    ['\u007f', '‹007F›'],
    ['', '‹empty›'],
    ['lone \ud800', 'lone \ufffd'],
    ['two\nlines', 'two‹000A›lines'],
    ['\u05d0\u05d1', '\u05d0\u05d1'],
  ])('are shown as they are: %j', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  test('are cut between characters', () => {
    expect(shown(`${'x'.repeat(298)}\u{1f600}y`).endsWith('x…')).toBe(true);
    for (const text of HOSTILE) expect(shown(text, 50).isWellFormed()).toBe(true);
  });
});
