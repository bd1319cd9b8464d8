import { type ComponentChild, h } from 'preact';
import { SUBTECHNIQUE, TECHNIQUE } from '../../model/attack.ts';
import { SEVERITY_FLOOR } from '../../model/severity.ts';
import type { Report, ReportedLookup } from '../report.ts';
import { headOf, ScrollTable } from './table.ts';
import { number, Outside, several, shown } from './text.ts';

const { low, medium, high, critical } = SEVERITY_FLOOR;

/** How points and severity come about, and the lookups behind them. */
export function Methods({ report: { lookups, coverage } }: { readonly report: Report }): ComponentChild {
  const { digest, files, exceptions, matched_by: matchedBy } = lookups;
  const others = matchedBy.filter((one) => one.digest !== digest);
  return h(
    'section',
    { id: 'methods', 'aria-labelledby': 'methods-title' },
    h('h2', { id: 'methods-title' }, 'Methods and lookups'),
    h(
      'p',
      null,
      `Events are compared with lists of mining ports, names, addresses, URLs, programs, command lines, user agents, ` +
        `signatures and mining protocol calls: evidence of ${TECHNIQUE.name}, MITRE ATT&CK ${SUBTECHNIQUE.id}. ` +
        'Each match counts points from 0 to 99 by its kind; low confidence and an outside client halve them, and denied ' +
        'traffic counts less.',
    ),
    h(
      'p',
      null,
      'An incident is all evidence on one host, or other entity, in one UTC day. Its evidence falls into four families ' +
        '(names, network, host, content), of which each counts its best; they fuse as independent doubts, 100·(1 − Π(1 − ' +
        's/100)). A port alone is weak evidence and never exceeds 46; 99 needs a mining protocol call or a Stratum ' +
        'command line. An entity that stands for many hosts counts its best event.',
    ),
    h(
      'p',
      null,
      `Severity: low from ${low}, medium from ${medium}, high from ${high}, critical from ${critical}. A match says what ` +
        'was seen, not that it was meant: a person decides.',
    ),
    h(
      'p',
      null,
      'Digest of the lookups in use: ',
      h('code', null, h(Outside, { text: digest })),
      `. ${exceptions === 0 ? 'No exception is' : `${several(exceptions, 'exception')} ${exceptions === 1 ? 'is' : 'are'}`} in force.`,
    ),
    coverage.of === 'worker' && others.length > 0
      ? h(
          'p',
          null,
          'Some events were matched by earlier lookups: ',
          others.map(({ digest: earlier, events }, i) => [
            i === 0 ? '' : ', ',
            h('code', null, h(Outside, { text: earlier })),
            ` (${several(events, 'event')})`,
          ]),
          '.',
        )
      : null,
    h(Lookups, { files }),
  );
}

function Lookups({ files }: { readonly files: readonly ReportedLookup[] }): ComponentChild {
  return h(
    ScrollTable,
    { label: 'Lookups in use' },
    headOf(['lookup', 'kind', 'provider', 'licence', 'updated'], ['indicators']),
    h(
      'tbody',
      null,
      files.map(({ name, kind, provider, licence, updated, indicators }) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row' }, h(Outside, { text: name, longest: 80 })),
          h('td', { class: 'fixed' }, shown(kind, 20)),
          h('td', null, h(Outside, { text: provider, longest: 120 })),
          h('td', null, h(Outside, { text: licence, longest: 80 })),
          h('td', { class: 'fixed' }, shown(updated, 10)),
          h('td', { class: 'right' }, number(indicators)),
        ),
      ),
    ),
  );
}
