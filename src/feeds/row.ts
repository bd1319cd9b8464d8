import { parseNetwork } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import { normalForm } from '../lookups/normal-form.ts';
import type { Feed } from '../model/feed.ts';
import { isoTime, parseTime } from '../model/time.ts';
import type { LookupRow } from '../schema/lookup.ts';
import { plainText } from '../telemetry/plain.ts';
import type { Draft } from './formats/draft.ts';

const LONGEST_VALUE = 2000;

/** A row; or what is wrong with the value; or nothing, where it is of another kind. */
export type Made = { readonly row: LookupRow } | { readonly fault: string } | undefined;

/** @param today YYYY-MM-DD, UTC: what was seen later was not seen. */
export function rowOf(draft: Draft, feed: Feed, today: string): Made {
  if (draft.type === 'other') return undefined;
  const raw = draft.value.trim();
  if (raw.length > LONGEST_VALUE) return { fault: `${shown(raw)} is longer than ${LONGEST_VALUE} characters` };
  if (raw === '') return { fault: 'an empty value' };
  const form = FORMS[feed.kind](raw, draft);
  if (form === undefined) return undefined;
  const row: LookupRow = { ...form, confidence: feed.confidence };
  const normal = normalForm(feed.kind, row);
  if ('fault' in normal) return { fault: plainText(normal.fault.replace(raw, shown(raw))).slice(0, 300) };
  return { row: { ...row, value: normal.value, ...described(draft, feed, today) } };
}

/** First words of a value that may hold anything. */
function shown(value: string): string {
  return plainText(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}

type Form = Pick<LookupRow, 'value' | 'type' | 'port'>;

/** The value as a row of the kind takes it; undefined where it is a good value of another kind. */
const FORMS: Readonly<Record<Feed['kind'], (raw: string, draft: Draft) => Form | undefined>> = {
  domain: (raw, { type }) => {
    if (type !== undefined && type !== 'domain') return undefined;
    const value = raw.replace(/^(\|\||\*\.|\.)/, '').replace(/\^$/, '');
    return parseNetwork(value) === undefined ? { value, type: 'domain-name' } : undefined;
  },
  address: (raw, { type, port: given }) => {
    if (type !== undefined && type !== 'address') return undefined;
    const whole = parseNetwork(raw);
    const [, host = raw, own] = whole === undefined ? (/^\[?([^[\]]+?)\]?:(\d{1,5})$/.exec(raw) ?? []) : [];
    const network = whole ?? parseNetwork(host);
    if (network === undefined && type === undefined && isName(host)) return undefined;
    const port = given ?? own;
    const socket = port === undefined || port === '' ? {} : { port: Number(port) };
    if ('port' in socket && !(Number.isInteger(socket.port) && socket.port > 0 && socket.port < 65_536)) {
      return { value: `${host}:${port}`, type: 'ipv4-addr' };
    }
    const mapped = network?.version === 6 ? 'ipv6-addr' : 'ipv4-addr';
    return { value: host, type: mapped, ...socket };
  },
  url: (raw, { type }) => {
    if (type !== undefined && type !== 'url') return undefined;
    if (type === undefined && !raw.includes('/'))
      return isName(raw) || parseNetwork(raw) ? undefined : { value: raw, type: 'url' };
    const [, host = '', path = ''] =
      /^(?:https?:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^/:]+)(?::\d+)?(\/[^#]*)?/i.exec(raw) ?? [];
    if (path.length < 2 && host !== '' && isName(host)) return undefined;
    return { value: path === '' ? raw : `${host.replace(/^\[|\]$/g, '')}${path}`, type: 'url' };
  },
  process: (raw, { type }) => (type === undefined || type === 'hash' ? { value: raw, type: 'file' } : undefined),
};

function isName(text: string): boolean {
  return parseName(text)?.includes('.') === true;
}

function described(draft: Draft, { category }: Feed, today: string): Partial<LookupRow> {
  const first = dayOf(draft.first_seen, today);
  const last = dayOf(draft.last_seen, today);
  const expires = dayOf(draft.expires, undefined);
  const reference = typeof draft.reference === 'string' ? draft.reference.trim() : '';
  const note = typeof draft.note === 'string' ? plainText(draft.note).slice(0, 200) : '';
  return {
    ...(category === undefined ? {} : { category }),
    ...(/^https?:\/\/\S{1,500}$/.test(reference) && URL.canParse(reference) ? { reference } : {}),
    ...(note === '' ? {} : { note }),
    ...(draft.transport === 'tcp' || draft.transport === 'udp' ? { transport: draft.transport } : {}),
    ...(first === undefined ? {} : { first_seen: first }),
    ...(last === undefined || (first ?? last) > last ? {} : { last_seen: last }),
    ...(expires === undefined ? {} : { expires }),
  };
}

/** The UTC day of a moment as feeds write it: ISO, with a space for the T, or seconds since 1970. */
function dayOf(moment: unknown, latest: string | undefined): string | undefined {
  const text = typeof moment === 'string' || typeof moment === 'number' ? String(moment).trim() : '';
  const time = /^\d{9,10}$/.test(text) ? Number(text) * 1000 : parseTime(text.replace(/ UTC$/, '').replace(' ', 'T'));
  if (time === undefined || Math.abs(time) > 8e15 || time < 0) return undefined;
  const day = isoTime(time).slice(0, 10);
  return day.length !== 10 || (latest !== undefined && day > latest) ? undefined : day;
}
