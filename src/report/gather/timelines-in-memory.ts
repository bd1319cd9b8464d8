import { type Claim, joinClaims } from '../../matcher/claims.ts';
import { ranked } from '../../matcher/sentence.ts';
import type { Evidence } from '../../model/match.ts';
import { dayOf, type Lifetime } from '../../model/time.ts';
import { type Step, stepOf, stepsInOrder, type Timeline } from '../incident.ts';
import { HOURS } from './timelines.ts';

/** Distinct matches in words that are kept of an incident while events are still added. */
const MOST_KEPT = 200;

interface Open {
  readonly hours: number[];
  readonly steps: Map<string, { events: number; first?: number; last?: number }>;
}

/** How the days of incidents went, added up beside the incidents themselves. */
export interface TimelinesInMemory {
  /** @param id of the event's incident. */
  add(id: string, evidence: Evidence): void;
  /** By id of the incident; what an address shows counts with the only host that claims it, as in the incidents. */
  list(): Map<string, Timeline>;
}

export function createTimelinesInMemory(lifetime: Lifetime): TimelinesInMemory {
  const open = new Map<string, Open>();
  const claims = new Map<string, Claim>();
  return {
    add(id, evidence) {
      const { scope, entity, time, matches } = evidence;
      const day = dayOf(time, lifetime);
      const one: Open = open.get(id) ?? { hours: [], steps: new Map() };
      open.set(id, one);
      const dated = day === 'unknown' ? undefined : time;
      if (dated !== undefined) {
        if (one.hours.length === 0) one.hours.push(...Array.from({ length: HOURS }, () => 0));
        const hour = new Date(dated).getUTCHours();
        one.hours[hour] = (one.hours[hour] ?? 0) + 1;
      }
      for (const text of new Set(matches.map((match) => ranked(match, evidence)))) addStep(one.steps, text, 1, dated);
      for (const address of evidence.claims) {
        claims.set(JSON.stringify([scope, day, address, entity.name]), { scope, day, address, host: entity.name });
      }
    },
    list() {
      for (const { own, into } of joinClaims(claims.values()).values()) {
        const [address, host] = [open.get(own), open.get(into)];
        if (own === into || address === undefined || host === undefined) continue;
        open.delete(own);
        for (const [hour, events] of address.hours.entries()) host.hours[hour] = (host.hours[hour] ?? 0) + events;
        for (const [text, { events, first, last }] of address.steps) {
          addStep(host.steps, text, events, first);
          addStep(host.steps, text, 0, last);
        }
      }
      return new Map([...open].map(([id, { hours, steps }]) => [id, { hours, steps: stepsInOrder(stepsOf(steps)) }]));
    },
  };
}

function addStep(steps: Open['steps'], text: string, events: number, time: number | undefined): void {
  const known = steps.get(text);
  if (known === undefined) {
    if (steps.size >= MOST_KEPT) forgetLeast(steps, text);
    if (steps.size >= MOST_KEPT) return;
    steps.set(text, { events, ...(time === undefined ? {} : { first: time, last: time }) });
    return;
  }
  known.events += events;
  if (time === undefined) return;
  known.first = Math.min(known.first ?? time, time);
  known.last = Math.max(known.last ?? time, time);
}

/** The points stand first in the texts: the least of them makes room for a better one. */
function forgetLeast(steps: Open['steps'], better: string): void {
  let least = better;
  for (const text of steps.keys()) if (text.slice(0, 3) < least.slice(0, 3)) least = text;
  if (least !== better) steps.delete(least);
}

function stepsOf(steps: Open['steps']): Step[] {
  return [...steps].map(([text, { events, first, last }]) => stepOf(text, events, first, last));
}
