import { createHash } from 'node:crypto';
import { indicatorName } from '../model/indicator.ts';
import type { Entity, Match } from '../model/match.ts';
import type { ExceptionRow } from '../schema/exceptions.ts';
import { inNetworks, parseAddress, parseNetwork } from './address.ts';
import { parseName } from './name.ts';

/** What exceptions are asked about: an event's evidence, or an incident. */
export interface Exceptable {
  readonly entity: Pick<Entity, 'name'>;
  readonly matches: readonly Pick<Match, 'indicator'>[];
}

/** The exceptions that count on a day. Pure. */
export interface Exceptions {
  /** sha-256 (hex, 32 characters) over those that count: it changes where what is excepted may change. */
  readonly digest: string;
  readonly live: readonly ExceptionRow[];
  readonly expired: readonly ExceptionRow[];
  /** Why all of it is excepted: its entity is, or each of its matches is; undefined where something counts. */
  excepted(evidence: Exceptable): string | undefined;
  /** Why a single match does not count; undefined where it does. */
  exceptedMatch(match: Pick<Match, 'indicator'>): string | undefined;
  /** The same of an indicator by its name, as `indicatorName` gives it. */
  exceptedIndicator(name: string): string | undefined;
  /** Names of the indicators that don't count, in lower case. */
  readonly indicators: readonly string[];
}

/** @param today `YYYY-MM-DD`, UTC: what expired before it excepts nothing. */
export function compileExceptions(rows: readonly ExceptionRow[], today: string): Exceptions {
  const live = rows.filter(({ expires }) => expires >= today);
  const indicators = new Map<string, string>();
  const entities = new Map<string, string>();
  const networks: { holds: ReturnType<typeof inNetworks>; reason: string }[] = [];
  for (const { indicator, entity, cidr, reason } of live) {
    if (indicator !== undefined) indicators.set(indicatorKey(String(indicator)), reason);
    if (entity !== undefined) entities.set(entityKey(entity), reason);
    if (cidr !== undefined) networks.push({ holds: inNetworks([cidr]), reason });
  }
  const exceptedEntity = (name: string): string | undefined => {
    const address = networks.length === 0 ? undefined : parseAddress(name);
    return (
      entities.get(entityKey(name)) ??
      (address === undefined ? undefined : networks.find(({ holds }) => holds(address))?.reason)
    );
  };
  const exceptedIndicator = (name: string): string | undefined => indicators.get(name.toLowerCase());
  const exceptedMatch: Exceptions['exceptedMatch'] = ({ indicator }) =>
    indicators.size === 0 ? undefined : exceptedIndicator(indicatorName(indicator));
  return {
    digest: createHash('sha256').update(JSON.stringify(live)).digest('hex').slice(0, 32),
    live,
    expired: rows.filter(({ expires }) => expires < today),
    exceptedMatch,
    exceptedIndicator,
    indicators: [...indicators.keys()],
    excepted({ entity, matches }) {
      const whole = exceptedEntity(entity.name);
      if (whole !== undefined || matches.length === 0) return whole;
      const reasons = new Set<string>();
      for (const match of matches) {
        const reason = exceptedMatch(match);
        if (reason === undefined) return undefined;
        reasons.add(reason);
      }
      return [...reasons].join('; ');
    },
  };
}

/** Names of hosts and users are compared without regard to case, addresses in normal form. */
function entityKey(name: string): string {
  return parseAddress(name.trim())?.text ?? name.trim().toLowerCase();
}

/** An indicator as `indicatorName` gives it, in lower case, from the spellings people use. */
function indicatorKey(text: string): string {
  const value = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '');
  const [, host = '', port] = /^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(value) ?? [];
  const socket = parseAddress(value) === undefined ? parseAddress(host) : undefined;
  if (socket !== undefined) return socket.version === 6 ? `[${socket.text}]:${port}` : `${socket.text}:${port}`;
  if (value.includes('/')) return parseNetwork(value)?.text ?? value;
  return parseAddress(value)?.text ?? parseName(value) ?? value;
}
