import { type ComponentChild, h } from 'preact';
import type { Coverage as Covered, ScanCoverage } from '../facts.ts';
import { number, Outside, plainCode, several } from './text.ts';
import { OfWorker } from './worker-coverage.ts';

interface CoverageProps {
  readonly coverage: Covered;
  /** The report tells of one scope, and its coverage of all. */
  readonly isOfAll: boolean;
}

/** How far the events were gone over, and what was not. */
export function Coverage({ coverage, isOfAll }: CoverageProps): ComponentChild {
  return h(
    'section',
    { id: 'coverage', 'aria-labelledby': 'coverage-title' },
    h('h2', { id: 'coverage-title' }, 'Coverage'),
    isOfAll && coverage.of === 'worker' ? h('p', { class: 'note' }, 'Of all scopes, not only this one.') : null,
    coverage.of === 'scan' ? h(OfScan, coverage) : h(OfWorker, coverage.status),
  );
}

function OfScan({
  file,
  lines,
  matched,
  excepted,
  other_scopes: others,
  unreadable,
  named,
  misdated,
  learned,
}: ScanCoverage): ComponentChild {
  const rows: readonly (readonly [string, ComponentChild])[] = [
    ['file', h(Outside, { text: file })],
    ['lines', number(lines)],
    ['matched', number(matched)],
    ...(excepted > 0 ? [['excepted', number(excepted)] as const] : []),
    ...(others === undefined ? [] : [['of other scopes', several(others, 'matched event')] as const]),
    ['unreadable', number(unreadable)],
    ...(misdated > 0
      ? [['undated', `${several(misdated, 'matched event')} older than \`retention\`, or in the future`] as const]
      : []),
    [
      'DNS answers',
      learned ? 'read first: addresses that listed names led to match too' : 'not read first: see --learn',
    ],
  ];
  return [
    h(
      'dl',
      { class: 'facts' },
      rows.map(([name, value]) => [
        h('dt', null, name),
        h('dd', null, typeof value === 'string' ? plainCode(value) : value),
      ]),
    ),
    named.length === 0
      ? null
      : [
          h('h3', null, 'Lines that can\u2019t be read'),
          h(
            'ul',
            null,
            named.map(({ line, reason }) => h('li', null, `line ${number(line)}: `, h(Outside, { text: reason }))),
          ),
          unreadable > named.length ? h('p', { class: 'note' }, `and ${number(unreadable - named.length)} more`) : null,
        ],
  ];
}
