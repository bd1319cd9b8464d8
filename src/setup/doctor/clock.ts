import { roughDuration } from '../../model/duration.ts';
import { areaOf, type Check } from './check.ts';

const { ok, warning } = areaOf('clock');
/** What a request takes, and what NTP leaves. */
const TOLERANCE_MS = 5000;

/**
 * @param server Elasticsearch's time, asked for between the other two; all in milliseconds since 1970 UTC.
 */
export function clockCheck(before: number, server: number, after: number): Check {
  const ahead = before > server ? before - server : after < server ? after - server : 0;
  if (Math.abs(ahead) <= TOLERANCE_MS) return ok("this machine's clock and that of Elasticsearch agree");
  return warning(
    `this machine's clock is ${roughDuration(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} that of Elasticsearch`,
    'Synchronise both with NTP. Passes go by that of Elasticsearch; expiry of lookups, logs and the times of leases by this one.',
  );
}
