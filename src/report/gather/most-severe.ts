import { bySeverity, type ReportedIncident } from '../incident.ts';

/** Keeps the most severe of any number of incidents, and holds at most twice as many as it keeps. */
export function createMostSevere(most: number): {
  add(incident: ReportedIncident): void;
  list(): ReportedIncident[];
} {
  let kept: ReportedIncident[] = [];
  const cut = (): ReportedIncident[] => (kept = kept.sort(bySeverity).slice(0, most));
  return {
    add(incident) {
      kept.push(incident);
      if (kept.length >= 2 * most) cut();
    },
    list: cut,
  };
}
