import { SUBTECHNIQUE, TACTIC } from '../../model/attack.ts';
import type { Indicator, Kind } from '../../model/indicator.ts';
import { type Exported, unsaid } from './exported.ts';
import { SIGMA_KINDS } from './sigma-kinds.ts';
import { sigmaLiteral } from './sigma-text.ts';
import { nameUuid } from './uuid.ts';
import { type YamlValue, yamlLines } from './yaml.ts';

/** Rows that one selection of a rule finds, where these texts do not stand beside. */
interface Group {
  readonly excludes: readonly string[];
  readonly rows: Indicator[];
}

/** Ports, and rows of low confidence, are rules of their own with a level of their own. */
function levelOf(kind: Kind, isWeak: boolean): string {
  return isWeak || kind === 'port' ? 'low' : kind === 'address' ? 'medium' : 'high';
}

/** Rows by what excludes them: most have nothing. */
function groupsOf(rows: readonly Indicator[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const { excludes = [] } = row;
    const key = JSON.stringify(excludes);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { excludes, rows: [row] });
    else group.rows.push(row);
  }
  return [...groups.values()];
}

/** Maps of which one is enough: a field with all its values, or fields that must fit together. */
function selectionOf(kind: Kind, rows: readonly Indicator[]): YamlValue[] {
  const { selections, together } = SIGMA_KINDS[kind];
  if (together !== undefined) return rows.map(together);
  const values = new Map<string, Set<string | number>>();
  for (const { field, value } of rows.flatMap(selections)) {
    const held = values.get(field);
    if (held === undefined) values.set(field, new Set([value]));
    else held.add(value);
  }
  return [...values].map(([field, texts]) => ({ [field]: [...texts] }));
}

/** The field that excluded texts stand in: that of the rows themselves. */
function filterOf(kind: Kind, { excludes, rows }: Group): YamlValue {
  const [first] = rows.flatMap(SIGMA_KINDS[kind].selections);
  const field = `${(first?.field ?? '').split('|')[0]}|contains`;
  return { [field]: excludes.map(sigmaLiteral) };
}

function detectionOf(kind: Kind, rows: readonly Indicator[]): YamlValue {
  const parts: Record<string, YamlValue> = {};
  const conditions = groupsOf(rows).map((group, i) => {
    const name = i === 0 ? '' : `_${i}`;
    parts[`selection${name}`] = selectionOf(kind, group.rows);
    if (group.excludes.length === 0) return `selection${name}`;
    parts[`filter${name}`] = filterOf(kind, group);
    return `(selection${name} and not filter${name})`;
  });
  return { ...parts, condition: conditions.join(' or ') };
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

function ruleOf(kind: Kind, isWeak: boolean, rows: readonly Indicator[], updated: string): string {
  const { title, logsource, falsepositives } = SIGMA_KINDS[kind];
  const lookups = unique(rows.map(({ lookup }) => lookup));
  const about = isWeak ? 'Rows of low confidence: weak evidence, for hunting.' : 'Evidence of cryptomining.';
  const rule: YamlValue = {
    title: isWeak ? `${title} (Low Confidence)` : title,
    id: nameUuid('sigma', kind, String(isWeak), ...lookups),
    status: 'experimental',
    description: `${about} Made by minecanary from ${lookups.join(', ')}.`,
    references: [SUBTECHNIQUE.reference],
    author: unique(rows.map(({ provider }) => provider)).join(', '),
    license: unique(rows.map(({ licence }) => licence)).join(' AND '),
    date: updated,
    tags: [`attack.${TACTIC.name.toLowerCase()}`, `attack.${SUBTECHNIQUE.id.toLowerCase()}`],
    logsource,
    detection: detectionOf(kind, rows),
    falsepositives,
    level: levelOf(kind, isWeak),
  };
  return `${yamlLines(rule).join('\n')}\n`;
}

/**
 * Sigma rules, a YAML document each: one a kind, and one more for the rows of low confidence.
 *
 * @param updatedOf day a lookup was updated, `YYYY-MM-DD`: of a rule, the latest of its lookups.
 */
export function toSigma(rows: readonly Indicator[], updatedOf: (lookup: string) => string): Exported {
  const rules = (Object.keys(SIGMA_KINDS) as Kind[]).flatMap((kind) =>
    [false, true].flatMap((isWeak) => {
      const own = rows.filter((row) => row.kind === kind && (row.confidence === 'low') === isWeak);
      const updated = own.map(({ lookup }) => updatedOf(lookup)).sort();
      return own.length === 0 ? [] : [ruleOf(kind, isWeak, own, updated.at(-1) ?? '')];
    }),
  );
  return {
    text: rules.join('---\n'),
    rows: rows.length,
    left_out: [],
    unsaid: unsaid(rows, [
      'provider, licence and reference of each row',
      'whether confidence is medium or high',
      'category',
      'note',
      'first and last sighting',
      'expiry',
      'transport',
    ]),
  };
}
