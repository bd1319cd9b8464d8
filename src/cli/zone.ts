import { isoTime, parseTime } from '../model/time.ts';

/** Milliseconds since 1970 UTC, or ISO 8601. Text that is no time is told as it is. */
type Moment = number | string;

/** How people are told times. What programs read is UTC, ISO 8601, whatever the zone. */
export interface Zone {
  /** `UTC`, or an IANA name. It is said once where times stand: in the head of a column, or behind a time. */
  readonly name: string;
  /** `2026-11-24 10:20`; with the offset where clocks are put back and show it twice. */
  readonly minute: (time: Moment) => string;
  /** To the millisecond. */
  readonly exact: (time: Moment) => string;
}

export interface ZoneOptions {
  readonly utc?: boolean;
}

/** Flag and description for every command that tells times. */
export const UTC_OPTION = ['--utc', 'tell times in UTC instead of the local zone (TZ)'] as const;

const UTC = 'UTC';
/** What a machine without a zone of its own calls it. */
const NAMES_OF_UTC = /^(?:(?:Etc\/)?(?:UTC|UCT|GMT|Universal|Zulu|Unknown)|\+00:00)$/;
const HALF_HOUR_MS = 1_800_000;
const LAST_MS = 8.64e15;
/** Where a text to the minute, and one to the millisecond, ends: counted from the end of `2026-11-24T10:20:30.400Z`. */
const TO_MINUTE = -':30.400Z'.length;
const TO_MILLISECOND = -'Z'.length;

/** The zone of the machine, or UTC where that is asked for. @param tz as the environment has it. */
export function zoneOf({ utc = false }: ZoneOptions, tz = process.env['TZ']): Zone {
  const name = utc ? UTC : localName(tz);
  const offsetAt = name === UTC ? (): number => 0 : offsetsOf(name);
  const told = (moment: Moment, end: number): string => {
    const time = typeof moment === 'number' ? moment : parseTime(moment);
    if (time === undefined || !(Math.abs(time) <= LAST_MS)) return String(moment);
    const offset = offsetAt(time);
    const text = isoTime(within(time + offset))
      .replace('T', ' ')
      .slice(0, end);
    return isTwice(time, offsetAt) ? text + offsetText(offset) : text;
  };
  return { name, minute: (time) => told(time, TO_MINUTE), exact: (time) => told(time, TO_MILLISECOND) };
}

/** As TZ has it: Node knows some zones by older names. */
function localName(tz: string | undefined): string {
  const asked = tz?.replace(/^:/, '') ?? '';
  const name = isZone(asked) ? asked : (Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined);
  return name === undefined || NAMES_OF_UTC.test(name) ? UTC : name;
}

function isZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Milliseconds east of UTC, by time. */
function offsetsOf(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (time) => {
    const name = format.formatToParts(within(time)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  };
}

/** Whether clocks are put back by half an hour or an hour and show the same again. */
function isTwice(time: number, offsetAt: (time: number) => number): boolean {
  const shift = (step: number): number => offsetAt(time) - offsetAt(time + step);
  return [-2, -1, 1, 2].some((halves) => shift(halves * HALF_HOUR_MS) === halves * HALF_HOUR_MS);
}

function within(time: number): number {
  return Math.max(-LAST_MS, Math.min(LAST_MS, time));
}

/** `+05:30` */
function offsetText(offset: number): string {
  return (offset < 0 ? '-' : '+') + isoTime(Math.abs(offset)).slice(11, 16);
}
