import { FRAMEWORK, SUBTECHNIQUE, TACTIC, TECHNIQUE } from '../../model/attack.ts';
import { type Confidence, type Indicator, indicatorName } from '../../model/indicator.ts';
import { createTally, type Exported, unsaid } from './exported.ts';
import { stixPattern } from './stix-pattern.ts';
import { nameUuid } from './uuid.ts';

/** The middle of each step of STIX's scale (Appendix A: None, Low, Med, High). */
const CONFIDENCE: Readonly<Record<Confidence, number>> = { low: 15, medium: 50, high: 85 };
const SPEC = '2.1';
const ORIGIN = '2018-01-01T00:00:00.000Z';

type StixObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** An object with a deterministic id and what all have. Moments are ISO with milliseconds. */
function object(type: string, key: readonly string[], made: string, own: object): StixObject {
  const id = `${type}--${nameUuid(type, ...key)}`;
  return { type, spec_version: SPEC, id, created: made, modified: made, ...own };
}

const AUTHOR = object('identity', ['minecanary'], ORIGIN, { name: 'minecanary', identity_class: 'system' });
const BY_US = { created_by_ref: AUTHOR.id };

function attackPattern({ id, name, reference }: typeof TECHNIQUE | typeof SUBTECHNIQUE): StixObject {
  return object('attack-pattern', [id], ORIGIN, {
    ...BY_US,
    name,
    description: `${id} of ${FRAMEWORK}.`,
    kill_chain_phases: [{ kill_chain_name: 'mitre-attack', phase_name: TACTIC.name.toLowerCase() }],
    external_references: [{ source_name: 'mitre-attack', url: reference, external_id: id }],
  });
}

function relationship(type: string, source: StixObject, target: StixObject, made: string): StixObject {
  const ends = { relationship_type: type, source_ref: source.id, target_ref: target.id };
  return object('relationship', [type, source.id, target.id], made, { ...BY_US, ...ends });
}

const TECHNIQUE_OBJECT = attackPattern(TECHNIQUE);
const SUBTECHNIQUE_OBJECT = attackPattern(SUBTECHNIQUE);
const COMMON: readonly StixObject[] = [
  AUTHOR,
  TECHNIQUE_OBJECT,
  SUBTECHNIQUE_OBJECT,
  relationship('subtechnique-of', SUBTECHNIQUE_OBJECT, TECHNIQUE_OBJECT, ORIGIN),
];

const startOf = (day: string): string => `${day}T00:00:00.000Z`;
/** A row counts up to the end of the day it expires on. */
const endOf = (day: string): string => `${day}T23:59:59.999Z`;

function indicatorObject(row: Indicator, pattern: string, updated: string): StixObject {
  const { type, lookup, value, port, transport, category, confidence, provider, licence, reference } = row;
  const from = [row.first_seen ?? updated, row.expires ?? updated].sort()[0] ?? updated;
  const key = [lookup, type, value, String(port ?? ''), transport ?? '', ...(row.excludes ?? [])];
  return object('indicator', key, startOf(updated), {
    ...BY_US,
    name: indicatorName(row),
    ...(row.note === undefined ? {} : { description: row.note }),
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    pattern_version: SPEC,
    valid_from: startOf(from),
    ...(row.expires === undefined ? {} : { valid_until: endOf(row.expires) }),
    labels: ['cryptomining', lookup, ...(category === undefined ? [] : [category])],
    confidence: CONFIDENCE[confidence],
    external_references: [{ source_name: provider, description: `Licence: ${licence}`, url: reference }],
  });
}

/** That the indicator was seen, and when last: an indicator itself has no place for it. */
function sighting(row: Indicator, seen: StixObject, updated: string): StixObject[] {
  if (row.last_seen === undefined) return [];
  const first = row.first_seen === undefined ? {} : { first_seen: startOf(row.first_seen) };
  const own = { sighting_of_ref: seen.id, ...first, last_seen: startOf(row.last_seen) };
  return [object('sighting', [seen.id], startOf(updated), { ...BY_US, ...own })];
}

/**
 * A STIX 2.1 bundle: an indicator a row, each of which indicates T1496.001. Ids are of the content (UUID of version 5), so
 * the same row has the same id in each export.
 *
 * @param updatedOf day a lookup was updated, `YYYY-MM-DD`: when its indicators were made.
 */
export function toStix(rows: readonly Indicator[], updatedOf: (lookup: string) => string): Exported {
  const leftOut = createTally();
  const said: Indicator[] = [];
  const objects = new Map(COMMON.map((one) => [one.id, one]));
  for (const row of rows) {
    const pattern = stixPattern(row);
    if (pattern === undefined) {
      leftOut.add(`kind ${row.kind}, for which STIX has no object`);
      continue;
    }
    const updated = updatedOf(row.lookup);
    const indicator = indicatorObject(row, pattern, updated);
    if (objects.has(indicator.id)) {
      leftOut.add('rows that stand twice in their lookup');
      continue;
    }
    said.push(row);
    const indicates = relationship('indicates', indicator, SUBTECHNIQUE_OBJECT, startOf(updated));
    for (const one of [indicator, indicates, ...sighting(row, indicator, updated)]) objects.set(one.id, one);
  }
  const all = [...objects.values()];
  const bundle = { type: 'bundle', id: `bundle--${nameUuid('bundle', JSON.stringify(all))}` };
  const lines = all.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
  return {
    text: `${JSON.stringify(bundle, null, 2).slice(0, -2)},\n  "objects": [\n${lines}\n  ]\n}\n`,
    rows: said.length,
    left_out: leftOut.losses(),
    unsaid: unsaid(said, ['names below the listed one', 'URLs that go on behind the listed one, and hosts below']),
  };
}
