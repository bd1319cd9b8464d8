/** What events tell of, as people say it. */
const KINDS = [
  ['DNS', /dns|umbrella|unbound|\bbind\b|infoblox|resolver/],
  ['Sysmon', /sysmon/],
  ['Windows', /windows|winlog|system\.(security|application|system)|powershell/],
  ['IDS', /suricata|snort|zeek|\bids\b|\bips\b|corelight/],
  ['load balancer', /haproxy|f5|bigip|elb|\balb\b|traefik|netscaler|citrix_adc|envoy|load.?balancer/],
  ['proxy', /squid|proxy|zscaler|bluecoat|symantec\.|forcepoint|websense/],
  ['flows', /netflow|ipfix|sflow|network_traffic\.flow|vpcflow|\bflow/],
  [
    'firewall',
    /firewall|fortinet|fortigate|panw|panos|cisco_(asa|ftd|meraki)|\basa\b|checkpoint|pfsense|opnsense|sophos|sonicwall|juniper|iptables|ufw|\bfw\b/,
  ],
  ['web server', /nginx|apache|\biis\b|caddy|access/],
  ['endpoint', /endpoint|auditd|auditbeat|osquery|crowdstrike|defender|sentinel_one/],
] as const satisfies readonly (readonly [string, RegExp])[];

/** The same of fields, where the name tells nothing. */
const BY_FIELD = [
  ['DNS', /^(dns\.|zeek\.dns)/],
  ['Windows', /^winlog\./],
  ['flows', /^netflow\./],
  ['IDS', /^(suricata|rule|alert|zeek)\./],
  ['web', /^(url|http|user_agent)\./],
  ['network', /^(source|destination|client|server)\./],
  ['processes', /^process\./],
] as const satisfies readonly (readonly [string, RegExp])[];

/**
 * A guess at what a data set, or an index by its name and the catalogue fields it has, tells of; undefined where nothing
 * hints at it.
 */
export function guessKind(name: string, fields: readonly string[] = []): string | undefined {
  const text = name.toLowerCase().replaceAll('-', '.');
  const byName = KINDS.find(([, pattern]) => pattern.test(text));
  return (byName ?? BY_FIELD.find(([, pattern]) => fields.some((field) => pattern.test(field))))?.[0];
}
