import type { ContextName } from './catalogue.ts';

/** Words of an action that say the traffic or request was not let through. */
export const DENIALS: readonly string[] =
  'block blocked blocks drop dropped drops deny denied denies reject rejected refused sinkhole sinkholed'.split(' ');
/** Fields that hold an action, in the order they are asked: not every product's own word has come into ECS. */
export const VERDICTS = [
  'action',
  'verdict',
  'rootVerdict',
  'fortinetVerdict',
  'panosVerdict',
  'ftdVerdict',
  'vpcVerdict',
  'gcpVerdict',
] as const satisfies readonly ContextName[];
/** Fields that hold the code of a DNS response, in the order they are asked, and the codes that say there was none. */
export const RESPONSES = [
  'responseCode',
  'queryStatus',
  'rawQueryStatus',
  'eveResponse',
  'rootResponse',
] as const satisfies readonly ContextName[];
export const DENIED_DNS: readonly string[] = ['nxdomain', '3', '9003', 'dns_error_rcode_name_error'];

/** How modules, datasets and actions of flows begin. */
export const FLOWS: readonly string[] = ['netflow', 'ipfix', 'sflow'];

/** Of events that the host itself tells: modules, beginnings of datasets, agents. */
export const HOST_MODULES: readonly string[] =
  'windows winlog sysmon security powershell endpoint auditd auditd_manager audit'.split(' ');
export const HOST_DATASETS: readonly string[] =
  'windows. winlog. sysmon endpoint. auditd system.security system.auth'.split(' ');
export const HOST_AGENTS: readonly string[] = ['winlogbeat', 'auditbeat', 'endpoint'];
