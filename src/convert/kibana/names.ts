/** Names as the writers give them, and as Kibana's data views and panels name them. */
export const INCIDENTS = 'minecanary-incidents';
export const MATCHES = 'minecanary-matches-*';
export const ALERTS = 'logs-minecanary.*';
export const UNITS = 'minecanary-units';
/** Where events usually are, without our alerts. */
export const EVENTS = 'logs-*,-logs-minecanary.*';

/** Ids of the data views. */
export const VIEW = {
  events: 'minecanary-events',
  alerts: 'minecanary-alerts',
  incidents: 'minecanary-incidents',
  matches: 'minecanary-matches',
  units: 'minecanary-units',
} as const;

/** Ids of the saved searches. */
export const SEARCH = {
  events: 'minecanary-search-events',
  alerts: 'minecanary-search-alerts',
  incidents: 'minecanary-search-incidents',
  matches: 'minecanary-search-evidence',
  failures: 'minecanary-search-failures',
} as const;
