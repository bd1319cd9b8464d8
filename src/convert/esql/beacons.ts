import type { EsqlHunt } from './hunt.ts';

/**
 * What makes a pair of hosts a beacon: miners keep one connection for hours, or come back again and again, and say little
 * each time. Chosen by what Stratum does (a job every half to two minutes, some hundred bytes each), not fitted to data.
 */
export const BEACON = {
  /** Nanoseconds, as `event.duration`. */
  leastDuration: 3_600_000_000_000,
  /** Of long-lived connections, the mean over their time. */
  mostBytesPerSecond: 1_000,
  /** Of connections that come back: events, and slots of this many minutes in which there were some. */
  leastEvents: 12,
  slotMinutes: 10,
  leastSlots: 6,
  /** Share of the slots between the first and the last. */
  leastShare: 0.5,
  mostBytes: 100_000,
  /** Standard deviation of the bytes over their mean. */
  mostSpread: 0.5,
  /** Everybody asks these again and again. */
  ports: [53, 123],
} as const;

/** Where no pool is. */
export const INSIDE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];

export const BEACONS: EsqlHunt = {
  name: 'beacons',
  title: 'Beacons: long-lived or periodic connections of few and steady bytes',
  question: 'which pairs of hosts keep talking, little and evenly, as a miner and its pool do?',
  notes: [
    'A question for an analyst, not evidence: it scores nothing. Updates, chat and monitoring do the same.',
    'It needs a range of some hours, and flow records with bytes and event.duration.',
  ],
  commands: [
    '| WHERE source.ip IS NOT NULL AND destination.ip IS NOT NULL AND destination.port IS NOT NULL',
    `    AND destination.port NOT IN (${BEACON.ports.join(', ')})`,
    `    AND NOT CIDR_MATCH(destination.ip, ${INSIDE.map((range) => `"${range}"`).join(', ')})`,
    '| EVAL bytes = COALESCE(network.bytes, source.bytes + destination.bytes, source.bytes)',
    '| STATS events = COUNT(*),',
    '        earliest = MIN(@timestamp),',
    '        latest = MAX(@timestamp),',
    '        longest = MAX(event.duration),',
    '        lived = SUM(event.duration),',
    '        total = SUM(bytes),',
    '        mean = AVG(bytes),',
    '        deviation = STD_DEV(bytes),',
    `        slots = COUNT_DISTINCT(DATE_TRUNC(${BEACON.slotMinutes} minutes, @timestamp))`,
    '    BY source.ip, destination.ip, destination.port',
    `| EVAL share = slots / (1 + FLOOR(DATE_DIFF("minutes", earliest, latest) / ${BEACON.slotMinutes}.0)),`,
    '       spread = deviation / mean,',
    '       per_second = total / (lived / 1000000000.0)',
    `| EVAL long_lived = COALESCE(longest >= ${BEACON.leastDuration} AND per_second <= ${BEACON.mostBytesPerSecond}, FALSE),`,
    `       periodic = COALESCE(events >= ${BEACON.leastEvents} AND slots >= ${BEACON.leastSlots} AND share >= ${BEACON.leastShare}`,
    `         AND mean <= ${BEACON.mostBytes} AND spread <= ${BEACON.mostSpread}, FALSE)`,
    '| WHERE long_lived OR periodic',
    '| KEEP source.ip, destination.ip, destination.port, events, earliest, latest, longest, mean, spread, share, long_lived, periodic',
    '| SORT longest DESC, events DESC',
    '| LIMIT 1000',
  ],
};
