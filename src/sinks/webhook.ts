import { askedWait, type Environment, openConnections, PASSING_STATUS, request } from '../http/request.ts';
import { type AlertDocument, webhookBody } from './webhook-body.ts';

/** How the receiver of alerts is asked. */
export interface WebhookTarget {
  /** A secret as a whole, as the values of the headers are. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly insecure: boolean;
}

/** What became of an alert that was posted. */
export type Posted =
  | { readonly result: 'acknowledged' }
  /** The receiver will not take this alert, however often it is posted. */
  | { readonly result: 'refused'; readonly why: string }
  /** It is to be posted again, after `wait` milliseconds where the receiver asks for that. */
  | { readonly result: 'later'; readonly why: string; readonly wait?: number };

export interface Receiver {
  /** Host, with its port where it has one. */
  readonly host: string;
  /** Posts an alert once. Never throws for what the receiver does; no text says anything of URL path or headers. */
  post(id: string, alert: AlertDocument, signal: AbortSignal): Promise<Posted>;
  close(): void;
}

/** They say that our credentials are wrong, not that the alert is. */
const CREDENTIALS = new Set([401, 403, 407]);

export function openReceiver({ url, headers, timeout, insecure }: WebhookTarget, env: Environment): Receiver {
  const connections = openConnections(env);
  return {
    host: new URL(url).host,
    async post(id, alert, signal) {
      const given = {
        url,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id },
        body: JSON.stringify(webhookBody(id, alert)),
        timeout,
        redirects: 0,
        insecure,
        signal,
      } as const;
      const outcome = await request(given, connections);
      if ('problem' in outcome) return { result: 'later', why: outcome.problem.why };
      const posted = judge(outcome.answer.status);
      const wait = askedWait(outcome.answer.headers);
      return posted.result === 'later' && wait !== undefined ? { ...posted, wait } : posted;
    },
    close: () => connections.close(),
  };
}

function judge(status: number): Posted {
  const why = `it answers ${status}`;
  if (status >= 200 && status < 300) return { result: 'acknowledged' };
  if (status >= 300 && status < 400) return { result: 'later', why: `${why}; redirects are not followed` };
  if (CREDENTIALS.has(status)) return { result: 'later', why: `${why}; are url and headers right?` };
  return status < 500 && !PASSING_STATUS.has(status) ? { result: 'refused', why } : { result: 'later', why };
}
