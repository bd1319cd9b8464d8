import type { toAlert } from '../matcher/alert.ts';

export type AlertDocument = ReturnType<typeof toAlert>;

/** Longest text, in characters before escaping: chats cut or refuse longer ones. */
const LONGEST_TEXT = 3000;
/** So many kinds, indicators and lookups at most. */
const MOST_NAMES = 100;

/**
 * What a receiver is sent of an alert: `text`, which Slack and Mattermost show as it is, and `alert` for programs. Its
 * shape is documented in docs/OPERATIONS.md.
 */
export function webhookBody(id: string, { message, event, threat, minecanary }: AlertDocument) {
  const { scope, day, entity, incident, kind, indicator, lookup, severity } = minecanary;
  const text = `${message}, score ${event.risk_score}, on ${day}: ${event.reason}`;
  return {
    text: chatText(text),
    alert: {
      id,
      severity,
      risk_score: event.risk_score,
      title: message,
      reason: event.reason,
      entity,
      scope,
      incident,
      day,
      created: event.ingested,
      ...(event.start === undefined ? {} : { first: event.start }),
      ...(event.end === undefined ? {} : { last: event.end }),
      kinds: kind.slice(0, MOST_NAMES),
      indicators: indicator.slice(0, MOST_NAMES),
      lookups: lookup.slice(0, MOST_NAMES),
      tactic: threat.tactic.id,
      technique: [...threat.technique.id, ...threat.technique.subtechnique.id],
    },
  };
}

/**
 * One line in which nothing of an event can steer a chat: Slack's special characters are escaped, and no `@` calls
 * anybody.
 */
function chatText(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  const cut = line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT - 1).toWellFormed()}…` : line;
  return cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('@', '@\u200b');
}
