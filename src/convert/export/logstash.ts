import { type Indicator, indicatorName } from '../../model/indicator.ts';
import { createTally, type Exported, unsaid } from './exported.ts';
import { quoted } from './yaml.ts';

const RANK = { high: 2, medium: 1, low: 0 } as const;

/** Why the translate filter, which compares a whole value, can't look a row up; undefined where it can. */
function obstacle({ kind, value }: Indicator): string | undefined {
  if (kind === 'address' && value.includes('/')) return 'networks (CIDR), which the filter can not look up';
  if (['port', 'domain', 'address', 'socket', 'process'].includes(kind)) return undefined;
  return `kind ${kind}, of which the filter can not compare parts of a text`;
}

/**
 * A dictionary of Logstash's translate filter, YAML: a value, and under it what is known of it. Keys are texts in quotes,
 * as the filter's documentation asks; each stands once, for the row of highest confidence.
 * https://www.elastic.co/docs/reference/logstash/plugins/plugins-filters-translate
 */
export function toLogstash(rows: readonly Indicator[]): Exported {
  const leftOut = createTally();
  const chosen = new Map<string, Indicator>();
  for (const row of rows) {
    const why = obstacle(row);
    const key = indicatorName(row);
    const twin = chosen.get(key);
    if (why !== undefined) leftOut.add(why);
    else if (twin === undefined) chosen.set(key, row);
    else {
      leftOut.add('values that another row has too');
      if (RANK[row.confidence] > RANK[twin.confidence]) chosen.set(key, row);
    }
  }
  const said = [...chosen.values()];
  const lines = said.map((row) => {
    const { kind, lookup, confidence, category, provider, reference } = row;
    const fields = Object.entries({ kind, lookup, confidence, category, provider, reference });
    const about = fields.flatMap(([name, text]) => (text === undefined ? [] : [`${quoted(name)}: ${quoted(text)}`]));
    return `${quoted(indicatorName(row))}: {${about.join(', ')}}\n`;
  });
  return {
    text: `# Indicators of cryptomining (MITRE ATT&CK T1496) for dictionary_path of Logstash's translate filter.\n${lines.join('')}`,
    rows: said.length,
    left_out: leftOut.losses(),
    unsaid: unsaid(said, [
      'names below the listed one',
      'licence',
      'note',
      'first and last sighting',
      'expiry',
      'transport',
    ]),
  };
}
