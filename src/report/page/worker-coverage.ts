import { type ComponentChild, h } from 'preact';
import { roughDuration } from '../../model/duration.ts';
import type { StatusReport } from '../status/report.ts';
import type { SourceStatus } from '../status/source.ts';
import { headOf, ScrollTable } from './table.ts';
import { minute, number, Outside, several } from './text.ts';

/** What the ledger and the units say: gaps, sources, and what was not written. */
export function OfWorker(status: StatusReport): ComponentChild {
  const { gaps, sources, failures, refused, backfills, unconfigured, max_age: maxAge, now } = status;
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
    backfills.length === 0 ? null : h(Backfills, { backfills }),
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

function Backfills({ backfills }: Pick<StatusReport, 'backfills'>): ComponentChild {
  return [
    h('h3', null, 'Ranges that were begun and not completed'),
    h(
      'ul',
      null,
      backfills.map(({ source, from, to, running }) =>
        h(
          'li',
          null,
          h(Outside, { text: source }),
          ` from ${minute(from)} to ${minute(to)} UTC: ${running ? 'a worker is at it' : 'run it again'}`,
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
