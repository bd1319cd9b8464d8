import { type ComponentChild, h } from 'preact';
import { roughDuration } from '../../model/duration.ts';
import type { Coverage as Covered, ScanCoverage } from '../facts.ts';
import type { StatusReport } from '../status/report.ts';
import type { SourceStatus } from '../status/source.ts';
import { ScrollTable } from './charts.ts';
import { headOf, plainCode } from './indicators.ts';
import { minute, number, Outside, several } from './text.ts';

/** How far the events were gone over, and what was not. */
export function Coverage({ coverage }: { readonly coverage: Covered }): ComponentChild {
  return h(
    'section',
    { id: 'coverage', 'aria-labelledby': 'coverage-title' },
    h('h2', { id: 'coverage-title' }, 'Coverage'),
    coverage.of === 'scan' ? h(OfScan, coverage) : h(OfWorker, coverage.status),
  );
}

function OfScan({
  file,
  lines,
  matched,
  excepted,
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

function OfWorker(status: StatusReport): ComponentChild {
  const { gaps, sources, failures, refused, unconfigured, max_age: maxAge, now } = status;
  const at = now === undefined ? '' : ` at ${minute(now)} UTC`;
  return [
    gaps.length === 0
      ? h('p', null, `No gap of more than ${maxAge}${at}.`)
      : [
          h('h3', null, `Gaps of more than ${maxAge}${at}`),
          h(
            'ul',
            { class: 'gaps' },
            gaps.map(({ text }) => h('li', null, h(Outside, { text }))),
          ),
        ],
    sources.length === 0 ? null : h(Sources, { sources }),
    failures.documents === 0 ? null : h(Failures, failures),
    refused.length === 0 ? null : h(Refused, { refused }),
    unconfigured.length === 0
      ? null
      : h(
          'p',
          { class: 'note' },
          'Sources that were gone over once, and that the configuration does not name: ',
          h(Outside, { text: unconfigured.join(', ') }),
        ),
  ];
}

function Failures({ documents, latest }: StatusReport['failures']): ComponentChild {
  return [
    h('h3', null, `${several(documents, 'document')} that could not be written`),
    h(
      ScrollTable,
      { label: 'Documents that could not be written' },
      headOf(['source', 'index', 'id', 'reason', 'tried again', 'noted (UTC)']),
      h(
        'tbody',
        null,
        latest.map(({ source, index, id, reason, retryable, noted }) =>
          h(
            'tr',
            null,
            [source, index, id, reason].map((text) => h('td', null, h(Outside, { text, longest: 160 }))),
            h('td', null, retryable ? 'yes' : 'no'),
            h('td', { class: 'fixed' }, minute(noted)),
          ),
        ),
      ),
    ),
  ];
}

function Refused({ refused }: Pick<StatusReport, 'refused'>): ComponentChild {
  return [
    h('h3', null, 'Events that can\u2019t be tagged; their matches count all the same'),
    h(
      'ul',
      null,
      refused.map(({ source, reason = 'further reasons', documents }) =>
        h(
          'li',
          null,
          `${several(documents, 'event')} of `,
          h(Outside, { text: source }),
          ': ',
          h(Outside, { text: reason }),
        ),
      ),
    ),
  ];
}

interface SourceColumn {
  readonly title: string;
  readonly right?: boolean;
  readonly of: (source: SourceStatus) => ComponentChild;
}

const COLUMNS: readonly SourceColumn[] = [
  { title: 'settled to (UTC)', of: ({ checkpoint }) => (checkpoint === undefined ? 'never' : minute(checkpoint)) },
  { title: 'lag', right: true, of: ({ lag_seconds: lag }) => ageOf(lag) },
  {
    title: 'last sweep',
    right: true,
    of: ({ sweep: { age_seconds: age } }) => (age === undefined ? 'never' : `${ageOf(age)} ago`),
  },
  { title: 'not written', right: true, of: ({ failed, open }) => number(failed + open) },
  { title: 'not tagged', right: true, of: ({ refused }) => number(refused) },
  { title: 'excepted', right: true, of: ({ excepted }) => number(excepted) },
  { title: 'undated', right: true, of: ({ undated }) => number(undated) },
  {
    title: 'lookups',
    of: ({ sweep: { current_lookups: current } }) => (current === undefined ? '–' : current ? 'current' : 'earlier'),
  },
];

function Sources({ sources }: { readonly sources: readonly SourceStatus[] }): ComponentChild {
  return h(
    ScrollTable,
    { label: 'Sources and how far they were gone over' },
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        h('th', { scope: 'col' }, 'source'),
        COLUMNS.map(({ title, right }) =>
          h('th', { scope: 'col', ...(right === true ? { class: 'right' } : {}) }, title),
        ),
      ),
    ),
    h(
      'tbody',
      null,
      sources.map((source) =>
        h(
          'tr',
          null,
          h(
            'th',
            { scope: 'row' },
            h(Outside, { text: source.name, longest: 80 }),
            ' ',
            h('code', { class: 'muted' }, h(Outside, { text: source.index.join(','), longest: 80 })),
          ),
          COLUMNS.map(({ right, of }) => h('td', { class: right === true ? 'right' : 'fixed' }, of(source))),
        ),
      ),
    ),
  );
}

function ageOf(seconds: number | undefined): string {
  return seconds === undefined ? '–' : roughDuration(seconds * 1000);
}
