import type { Evidence, Match, Observable } from '../model/match.ts';
import { isoTime } from '../model/time.ts';
import type { IncidentBefore } from './incident.ts';
import type { Phrase, Tally } from './tally.ts';

/** Matches that an incident's sentence names. */
const SPOKEN = 3;
/** Matches that a tally keeps in words. */
export const MOST_PHRASES = 20;

/** Events name hosts and users as they like: what of it may stand in a sentence. */
function spoken(text: string, longest = 256): string {
  const plain = text.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  return text.length > longest ? `${plain.slice(0, -1)}…`.toWellFormed() : plain.toWellFormed();
}

function verbOf({ observable: { kind, side } }: Match, { direction, denied }: Evidence): string {
  if (direction === 'inbound') return 'was contacted from outside,';
  if (kind === 'port' && side === 'client') return denied ? 'tried to use' : 'used';
  return denied ? 'tried to reach' : 'reached';
}

/**
 * One sentence on an event by its strongest match: `10.1.2.3 reached pool.minexmr.com (pool-domains, high) in
 * dns.question.name, and 2 more`. Values are cut at 256 characters, control characters left out; '' without matches.
 */
export function eventReason(evidence: Evidence): string {
  const { matches, entity, denied } = evidence;
  const points = matches.reduce((most, match) => Math.max(most, match.points), 0);
  const best = matches.find((match) => match.points === points);
  if (best === undefined) return '';
  const { observable, indicator } = best;
  const answer = best.answerTo === undefined ? '' : `, the answer to ${spoken(best.answerTo)}`;
  const what = `${observable.kind === 'port' ? 'port ' : ''}${spoken(observable.value)}${answer}`;
  const why = `(${spoken(indicator.lookup)}, ${indicator.confidence}) in ${spoken(observable.field)}`;
  const more = matches.length > 1 ? `, and ${matches.length - 1} more` : '';
  return `${spoken(entity.name)} ${verbOf(best, evidence)} ${what} ${why}${denied ? ', denied' : ''}${more}`;
}

const SPOKE = 'spoke with ';
const VERBS: Readonly<Partial<Record<Observable['kind'], string>>> = {
  url: 'fetched ',
  'command-line': 'ran ',
  'user-agent': 'called itself ',
  signature: 'raised the signature ',
  payload: 'sent ',
};

function deed({ observable: { kind, field, side, answer } }: Match, { direction }: Evidence): string {
  if (kind === 'domain') return /dns|quer/i.test(field) ? 'asked for ' : 'reached ';
  if (kind === 'process') return /^(file|dll)\./.test(field) ? 'holds ' : 'ran ';
  if (answer) return 'was answered ';
  const inbound = direction === 'inbound';
  if (kind === 'port') return inbound ? `was contacted with ${side} port ` : `used ${side} port `;
  if (kind === 'address' || kind === 'socket') return inbound && side === 'client' ? 'was contacted by ' : SPOKE;
  return VERBS[kind] ?? 'reached ';
}

/**
 * A match in words behind its points, so that the text's order is the evidence's: `073 asked for pool.minexmr.com
 * (Sigma, high)`. Values are cut at 120 characters.
 */
export function ranked(match: Match, evidence: Evidence): string {
  const { observable, indicator, points, answerTo } = match;
  const rank = String(Math.round(points)).padStart(3, '0');
  const answer = answerTo === undefined ? '' : `, the answer to ${spoken(answerTo, 120)}`;
  const from = `${spoken(indicator.provider, 60)}, ${indicator.confidence}`;
  return `${rank} ${deed(match, evidence)}${spoken(observable.value, 120)}${answer} (${from})`;
}

/** Says an incident in one sentence: who did what in which order, how it ended, how often and when. */
export function incidentReason(tally: Tally, { excepted, joined }: IncidentBefore): string {
  const { entity, events, phrases } = tally;
  const who = `${spoken(entity.name)}${entity.shared ? ' (shared, not fused)' : ''}`;
  if (joined !== undefined) return `${who} is ${spoken(joined.name)}: its evidence counts in that incident.`;
  if (excepted !== undefined) return `${who} is excepted: ${spoken(excepted)}.`;
  if (events === 0) return `${who}: the events that were evidence have changed and are no longer.`;
  const chosen = choose(phrases);
  // The same, denied and allowed, is one thing said twice.
  const more = new Set(phrases.map(({ text }) => text.slice(4))).size - chosen.length;
  const rest = more <= 0 ? '' : phrases.length < MOST_PHRASES ? `, and ${more} more` : ', and many more';
  const count = `${events} ${events === 1 ? 'event' : 'events'}`;
  return `${who} ${inOrder(chosen)}${outcome(tally)}${rest}: ${count}${span(tally)}.`;
}

/** The best that tell something of their own: the port of a socket that is named already says nothing new. */
function choose(phrases: readonly Phrase[]): Phrase[] {
  const chosen: Phrase[] = [];
  for (const phrase of phrases) {
    if (chosen.length === SPOKEN) break;
    if (!chosen.some(({ text }) => subject(text).includes(subject(phrase.text)))) chosen.push(phrase);
  }
  return chosen;
}

/** The last word before where it comes from. */
function subject(text: string): string {
  const told = text.slice(0, text.lastIndexOf(' ('));
  return told.slice(told.lastIndexOf(' ') + 1);
}

function inOrder(chosen: readonly Phrase[]): string {
  const ordered = [...chosen].sort((a, b) => (a.first ?? 0) - (b.first ?? 0));
  return ordered
    .map((phrase, i) => {
      const before = ordered[i - 1];
      const joint = before === undefined ? '' : (before.first ?? 0) < (phrase.first ?? 0) ? ', then ' : ' and ';
      return `${joint}${withDuration(phrase)}`;
    })
    .join('');
}

const MINUTE_MS = 60_000;

function withDuration({ text, first, last }: Phrase): string {
  const told = text.slice(4);
  const minutes = first === undefined || last === undefined ? 0 : Math.round((last - first) / MINUTE_MS);
  if (minutes < 1 || !told.startsWith(SPOKE)) return told;
  const time = minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
  return `spoke ${time} with ${told.slice(SPOKE.length)}`;
}

function outcome({ points, denied, events }: Tally): string {
  if (denied > 0) return denied === events ? ', all denied' : `, ${denied} denied`;
  return points.name > 0 || points.network > 0 ? ', allowed' : '';
}

function span({ day, first, last }: Tally): string {
  if (day === 'unknown' || first === undefined || last === undefined) return ' without a date';
  const [from, to] = [isoTime(first).slice(11, 16), isoTime(last).slice(11, 16)];
  return from === to ? ` on ${day} at ${from} UTC` : ` on ${day} from ${from} to ${to} UTC`;
}
