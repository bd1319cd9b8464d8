/** What a field of a Sigma query finds in an event: more than any one pipeline maps, so that no rule fails on a name. */
import { valuesOf } from '../../support/values.ts';

const WIN = 'winlog.event_data';
const HOSTS = [
  'destination.domain',
  'destination.address',
  'server.domain',
  'server.address',
  'url.domain',
  'tls.client.server_name',
  'tls.sni',
  'http.hostname',
  'suricata.eve.tls.sni',
  'suricata.eve.http.hostname',
  'zeek.ssl.server.name',
  `${WIN}.DestinationHostname`,
];
const QUESTIONS = [
  'dns.question.name',
  'dns.question.domain',
  'dns.rrname',
  'dns.queries.rrname',
  'suricata.eve.dns.rrname',
  'zeek.dns.query',
  'cisco.umbrella.domain',
  `${WIN}.QueryName`,
];

/** Fields of events by the name that Sigma's rules have for them; the name itself counts as well. */
const SIGMA_FIELDS: Readonly<Record<string, readonly string[]>> = {
  CommandLine: ['process.command_line', `${WIN}.CommandLine`, `${WIN}.ProcessCommandLine`, 'process.title'],
  Data: ['message', 'event.original', `${WIN}.Data`, `${WIN}.param1`],
  Description: ['process.pe.description', `${WIN}.Description`],
  DestinationHostname: HOSTS,
  Details: ['registry.data.strings', `${WIN}.Details`],
  EventID: ['event.code', 'winlog.event_id'],
  Hashes: [`${WIN}.Hashes`, 'process.pe.imphash', 'dll.pe.imphash'],
  Image: ['process.executable', 'process.name', `${WIN}.Image`, `${WIN}.NewProcessName`],
  ImageLoaded: ['dll.path', 'file.path', `${WIN}.ImageLoaded`],
  OriginalFileName: ['process.pe.original_file_name', `${WIN}.OriginalFileName`],
  ParentImage: ['process.parent.executable', `${WIN}.ParentImage`, `${WIN}.ParentProcessName`],
  Provider_Name: ['winlog.provider_name', 'event.provider'],
  TargetFilename: ['file.path', `${WIN}.TargetFilename`],
  TargetObject: ['registry.path', `${WIN}.TargetObject`, `${WIN}.ObjectName`],
  answers: ['dns.answers.data', 'dns.resolved_ip', 'dns.answers.rdata', 'zeek.dns.answers'],
  'c-useragent': ['user_agent.original', 'http.http_user_agent', 'suricata.eve.http.http_user_agent'],
  'cs-user-agent': ['user_agent.original', 'http.http_user_agent', 'suricata.eve.http.http_user_agent'],
  operationName: ['azure.activitylogs.operation_name', 'azure.activitylogs.operationName', 'event.action'],
  query: QUESTIONS,
  rejected: ['zeek.dns.rejected'],
};

const ARGUMENT = /^a\d$/;
const OWN = 'sigma.';

function sourcesOf(field: string): readonly string[] {
  if (!field.startsWith(OWN)) return [field.replace(/\.caseless$/, '')];
  const name = field.slice(OWN.length);
  if (ARGUMENT.test(name)) return [name, `auditd.data.${name}`, `auditd.log.${name}`, 'process.args'];
  const sources = SIGMA_FIELDS[name];
  if (sources === undefined) throw new Error(`Sigma's field ${name} is not mapped: add it to ${import.meta.filename}.`);
  return [name, ...sources];
}

/** Values, as texts, of the fields that queries read; arguments also as the command line they make. */
export function sigmaDocument(event: unknown, fields: readonly string[]): Record<string, string[]> {
  const entries = fields.map((field): [string, string[]] => {
    const values = sourcesOf(field).flatMap((source) => valuesOf(event, source));
    const line = field === `${OWN}CommandLine` ? valuesOf(event, 'process.args').flat(2).join(' ') : '';
    const texts = [...values, line].filter((value) => ['string', 'number', 'boolean'].includes(typeof value));
    return [field, texts.map(String).filter((text) => text !== '')];
  });
  return Object.fromEntries(entries.filter(([, texts]) => texts.length > 0));
}
