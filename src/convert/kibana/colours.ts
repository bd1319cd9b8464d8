import type { Severity } from '../../model/match.ts';
import { SEVERITIES, SEVERITY_FLOOR } from '../../model/severity.ts';

/**
 * A panel does not know whether it stands on light or on dark: each colour has at least three times the luminance of
 * one, or a third of the other (WCAG 2.2, 1.4.11).
 */
export const SEVERITY_COLOUR: Readonly<Record<Severity, string>> = {
  none: '#7a828c',
  low: '#3f86c2',
  medium: '#b3850a',
  high: '#d9601a',
  critical: '#d3304a',
};
/** Of what is neither good nor bad. */
export const PLAIN = '#26928a';
export const SECOND = '#8c6fc4';

/** A badge of Kibana's colour format; white on it is readable. */
interface Badge {
  readonly text: string;
  readonly background: string;
  readonly regex: string;
  readonly range: string;
}

const TEXT = '#ffffff';
const BADGE: Readonly<Record<Severity, string>> = {
  none: '#5d6873',
  low: '#2a6496',
  medium: '#856000',
  high: '#b4450a',
  critical: '#a3122a',
};

/** For each severity, by its word and by the range of its scores. */
export const BADGES: readonly Badge[] = SEVERITIES.map((severity, i) => {
  const next = SEVERITIES[i + 1];
  const last = next === undefined ? 100 : SEVERITY_FLOOR[next] - 1;
  return {
    text: TEXT,
    background: BADGE[severity],
    regex: `^${severity}$`,
    range: `${SEVERITY_FLOOR[severity]}:${last}`,
  };
});
