import { tagOf } from '../matcher/enrich.ts';
import type { Matcher } from '../matcher/match.ts';
import { eventReason } from '../matcher/sentence.ts';
import { tagChange } from '../matcher/tag.ts';
import { UNDATED } from '../model/incident.ts';
import type { Evidence } from '../model/match.ts';
import { dayOf, isoTime, type Lifetime } from '../model/time.ts';
import type { IncidentsInMemory } from '../sinks/incidents-in-memory.ts';
import type { LineSink } from '../sinks/ndjson.ts';
import { spliceKeys } from '../sinks/splice.ts';
import type { EventLine, UnreadableLine } from '../sources/ndjson.ts';
import type { ClearLines } from '../sources/prefilter.ts';

/** What a scan counts. */
export interface ScanCounts {
  /** Lines that are not blank. */
  seen: number;
  /** Lines of events with evidence. */
  matched: number;
  /** Lines of events of which all evidence is excepted; they stay as they are. */
  excepted: number;
  /** Lines that hold no event, or one that can't be tagged. */
  unreadable: number;
  /** Events with evidence and a time that is older than `retention`, or in the future. */
  misdated: number;
}

export interface ScanOptions {
  readonly lines: AsyncIterable<readonly (EventLine | UnreadableLine | ClearLines)[]>;
  readonly matcher: Matcher;
  readonly incidents: IncidentsInMemory;
  /** Takes each readable line, in order. */
  readonly out: LineSink | undefined;
  readonly matchedOnly: boolean;
  /** Score from which an event is tagged. */
  readonly minScore: number;
  /** minecanary's own. */
  readonly version: string;
  readonly lifetime: Lifetime;
  readonly unreadable: (line: UnreadableLine) => void;
  readonly progress: (counts: ScanCounts) => void;
  /** Asked after each batch of lines; ends the scan. */
  readonly enough: () => boolean;
}

/**
 * Matches every line and hands it on, the matched ones tagged. Holds one batch of lines at a time, and the incidents.
 *
 * @throws SourceError, SinkError where reading or writing fails.
 */
export async function scan(options: ScanOptions): Promise<ScanCounts> {
  const { lines, out, matchedOnly } = options;
  const counts: ScanCounts = { seen: 0, matched: 0, excepted: 0, unreadable: 0, misdated: 0 };
  for await (const batch of lines) {
    const written: (Buffer | string)[] = [];
    for (const line of batch) {
      if ('count' in line) {
        counts.seen += line.count;
        if (out !== undefined && !matchedOnly) written.push(line.bytes);
        continue;
      }
      counts.seen += 1;
      const outcome = scanLine(line, options, counts);
      if (outcome === undefined || (matchedOnly && !outcome.matched)) continue;
      if (out !== undefined) written.push(outcome.line, ending(line));
    }
    if (written.length > 0) await out?.write(written);
    options.progress(counts);
    if (options.enough()) break;
  }
  return counts;
}

/** A last line without an ending gets one: what is written ends with a whole line. */
function ending(line: EventLine | UnreadableLine): string {
  return 'ending' in line && line.ending !== '' ? line.ending : '\n';
}

/** The line as it is written; undefined where it is unreadable. */
function scanLine(
  line: EventLine | UnreadableLine,
  options: ScanOptions,
  counts: ScanCounts,
): { readonly line: Buffer | string; readonly matched: boolean } | undefined {
  if ('reason' in line) {
    counts.unreadable += 1;
    options.unreadable(line);
    return undefined;
  }
  const evidence = options.matcher.match(line.event);
  if (evidence === undefined) return { line: line.bytes, matched: false };
  if (evidence.excepted !== undefined) {
    counts.excepted += 1;
    return { line: line.bytes, matched: false };
  }
  counts.matched += 1;
  if (evidence.time !== undefined && dayOf(evidence.time, options.lifetime) === UNDATED) counts.misdated += 1;
  const id = options.incidents.add(line.event, evidence);
  if (options.out === undefined || evidence.score < options.minScore) return { line: line.bytes, matched: true };
  try {
    return { line: tagLine(line, evidence, { ...options, id }) ?? line.bytes, matched: true };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    counts.unreadable += 1;
    options.unreadable({ number: line.number, reason: 'the event matches, but is nested too deeply to be tagged' });
    return undefined;
  }
}

function tagLine(
  { text, event, wrapped }: EventLine,
  evidence: Evidence,
  { matcher, version, lifetime, id }: ScanOptions & { readonly id: string },
): string | undefined {
  const tag = tagOf(evidence, {
    version,
    lookups: matcher.tables.digest,
    stage: 'scan',
    tagged: isoTime(lifetime.now),
    incidentId: id,
    reason: eventReason(evidence),
  });
  const { doc } = tagChange(event, tag);
  return doc === undefined ? undefined : spliceKeys(text, doc, wrapped ? '_source' : undefined);
}
