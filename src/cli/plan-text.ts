import { isoTime } from '../model/time.ts';
import type { GroupPlan } from '../sources/plan.ts';
import type { Window } from '../sources/source.ts';
import { plainText } from '../telemetry/plain.ts';
import type { SourcePlan } from '../worker/explain-plan.ts';
import { type Column, formatTable } from './table.ts';
import type { Zone } from './zone.ts';

const COLUMNS: readonly Column[] = [
  { title: 'field', least: 20 },
  { title: 'type' },
  { title: 'strategy' },
  { title: 'ms', align: 'right' },
  { title: 'why', least: 20 },
];
/** Names of indices that are told; of more, how many there are. */
const TOLD = 3;

function windowObject(window: Window): object {
  if (window.by === 'rest') return { by: window.by, after: isoTime(window.after) };
  return { by: window.by, from: isoTime(window.range.from), to: isoTime(window.range.to) };
}

/** The plans for programs; costs are estimates in milliseconds. */
export function planObject(plans: readonly SourcePlan[]): object {
  return {
    sources: plans.map(({ source, window, groups }) => ({
      source,
      window: windowObject(window),
      groups: groups.map(({ group, documents, whole, fields, listed, cost }) => ({
        indices: group.indices.map(({ name }) => name),
        documents,
        read: whole === undefined ? 'candidates' : 'whole',
        ...(whole === undefined ? {} : { why: whole }),
        lists: listed,
        cost: Math.round(cost),
        fields: fields.map((one) => ({
          field: one.facts.path,
          type: one.facts.type,
          strategy: one.way,
          cost: Math.round(one.cost),
          why: one.why,
        })),
      })),
    })),
  };
}

/**
 * The same for people: a table for each group of indices with equal mappings.
 *
 * @param width characters; Infinity where nothing is to be cut.
 */
export function planText(plans: readonly SourcePlan[], width: number, zone: Zone): string {
  return plans
    .flatMap(({ source, window, groups }) => [
      `${plainText(source)}, ${windowText(window, zone)}`,
      ...(groups.length === 0 ? ['  no indices'] : groups.map((one) => groupText(one, width))),
    ])
    .join('\n\n');
}

function windowText(window: Window, { name, minute }: Zone): string {
  if (window.by === 'rest') return `what has no place in time up to ${minute(window.after)} ${name}`;
  const { from, to } = window.range;
  const by = window.by === 'arrival' ? 'arrived' : 'stamped';
  return `${by} from ${minute(from)} to ${minute(to)} ${name}`;
}

function groupText({ group, documents, whole, fields, cost }: GroupPlan, width: number): string {
  const names = group.indices.map(({ name }) => plainText(name));
  const more = names.length > TOLD ? `, and ${names.length - TOLD} more` : '';
  const head = `${names.slice(0, TOLD).join(', ')}${more}: ${documents.toLocaleString('en')} documents, `;
  if (whole !== undefined) return `${head}all read, about ${ms(cost)} ms: ${whole}`;
  const rows = fields.map(({ facts, way, cost: one, why }) => [facts.path, facts.type, way, ms(one), why]);
  return `${head}candidates asked for, about ${ms(cost)} ms\n${formatTable(COLUMNS, rows, width)}`;
}

function ms(cost: number): string {
  return Math.round(cost).toLocaleString('en');
}
