import type { Severity } from '../model/match.ts';
import { atLeast } from '../model/severity.ts';
import type { Facts } from './facts.ts';
import type { ReportedIncident } from './incident.ts';

/** Something to do, the most urgent first. */
export type FirstStep =
  | {
      readonly of: 'incident';
      /** Id of the entity's most severe incident. */
      readonly incident: string;
      readonly entity: string;
      readonly severity: Severity;
      readonly score: number;
      /** One or two sentences. */
      readonly text: string;
    }
  | { readonly of: 'coverage'; readonly text: string };

const MOST_ENTITIES = 5;
const MOST_GAPS = 3;

/** What to do first: the most severe entities, each once, then what was not gone over. */
export function firstSteps({ incidents, coverage }: Facts): FirstStep[] {
  const worst = new Map<string, ReportedIncident>();
  for (const incident of incidents) {
    if (worst.size === MOST_ENTITIES) break;
    if (atLeast(incident.severity, 'medium') && !worst.has(incident.entity.id)) worst.set(incident.entity.id, incident);
  }
  const ofIncidents = [...worst.values()].map((incident): FirstStep => {
    const { id, entity, severity, score } = incident;
    return { of: 'incident', incident: id, entity: entity.name, severity, score, text: adviceOn(incident) };
  });
  return [...ofIncidents, ...coverageSteps(coverage)];
}

function coverageSteps(coverage: Facts['coverage']): FirstStep[] {
  if (coverage.of === 'scan') {
    if (coverage.unreadable === 0) return [];
    const { unreadable, lines } = coverage;
    const text = `${unreadable} of ${lines} lines can't be read, and may hide more: export them anew, and scan again.`;
    return [{ of: 'coverage', text }];
  }
  const { gaps } = coverage.status;
  const told = gaps
    .slice(0, MOST_GAPS)
    .map(({ text }): FirstStep => ({ of: 'coverage', text: `Close a gap: ${text}.` }));
  const more = gaps.length - told.length;
  return more > 0 ? [...told, { of: 'coverage', text: `Close ${more} more gaps: see Coverage.` }] : told;
}

function adviceOn({ entity, severity, kinds, events, denied }: ReportedIncident): string {
  const has = (...names: readonly string[]): boolean => kinds.some(({ name }) => names.includes(name));
  const find = entity.shared ? 'It stands for many hosts: find the one behind it in its own log. ' : '';
  if (severity === 'critical') {
    return `${find}It mines, or tried to. Isolate it, keep memory and disk for analysis, and find how the miner came in.`;
  }
  if (has('process', 'command-line')) {
    return `${find}A miner's program was seen: find the process, its parent and its account, and what started it.`;
  }
  if (denied === events && events > 0) {
    return `${find}All of it was denied, but something there tried: find the process behind it.`;
  }
  if (has('domain', 'url', 'socket', 'user-agent', 'signature', 'payload')) {
    return `${find}Find the process behind these connections, and deny their destinations at the proxy and the resolver.`;
  }
  return `${find}The evidence is of addresses and ports: check what lies at the destination before you act.`;
}
