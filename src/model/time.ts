import { type Day, UNDATED } from './incident.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
export const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 UTC of an ISO 8601 date or date-time (without zone: UTC), or of a number of milliseconds,
 * as Elasticsearch's default date format reads them. Undefined for anything else, also for days that don't exist.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const parts = ISO.exec(value);
  if (parts === null) return /^-?\d{9,15}$/.test(value) ? Number(value) : undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const offset = zoneOffset(parts[8]);
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A day or month that does not exist has run over into the next.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const milliseconds = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  return date.setUTCHours(hour, minute, second, milliseconds) - offset;
}

/** Milliseconds east of UTC; undefined where no zone lies. */
function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Times an event may have: outside of them it is undated. Milliseconds since 1970 UTC. */
export interface Lifetime {
  readonly now: number;
  readonly retention: number;
}

/** The UTC day of an event, or `unknown` where it has no time or one outside [now − retention, now + 1 day]. */
export function dayOf(time: number | undefined, { now, retention }: Lifetime): Day {
  if (time === undefined || time < now - retention || time > now + DAY_MS) return UNDATED;
  return new Date(time).toISOString().slice(0, 10);
}

/** `YYYY-MM-DDTHH:MM:SS.sssZ`. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/** @param day `YYYY-MM-DD`. */
export function shiftDay(day: Day, days: number): Day {
  return isoTime(Date.parse(day) + days * DAY_MS).slice(0, 10);
}
