import type { Row } from './row.ts';

/** The ports of the article, with what else is found on them: that is why a port alone is weak evidence. */
const NOTES: readonly (readonly [port: number, note: string])[] = [
  [3333, "the usual Stratum port and XMRig's default; also development servers"],
  [4444, 'Stratum of many pools; also the default listener of Metasploit, and Selenium'],
  [5555, 'Stratum at medium difficulty; also Android Debug Bridge'],
  [6666, 'Stratum of some pools; also IRC'],
  [7777, 'Stratum at high difficulty; also game servers'],
  [8888, 'Stratum of some pools; also web proxies and Jupyter'],
  [9999, 'Stratum over TLS of some pools; also the peer network of Dash'],
];

export const MINING_PORTS: readonly number[] = NOTES.map(([port]) => port);

export function portRows(): Row[] {
  return NOTES.map(([value, note]) => ({ value, type: 'port', confidence: 'medium', note }));
}
