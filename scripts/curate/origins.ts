import type { Origin } from './claim.ts';

export interface OriginFacts {
  readonly licence: string;
  /** Where the list is published: the reference of a row whose block gives not exactly one of its own. */
  readonly reference: string;
}

/** In order of trust: where several list a value, the first is its provider. */
export const ORIGINS: Readonly<Record<Origin, OriginFacts>> = {
  Sigma: { licence: 'DRL-1.1', reference: 'https://github.com/SigmaHQ/sigma' },
  'ET Open': { licence: 'BSD', reference: 'https://rules.emergingthreats.net/open/' },
  maltrail: {
    licence: 'MIT',
    reference: 'https://github.com/stamparm/maltrail/blob/master/trails/static/suspicious/crypto_mining.txt',
  },
  NoCoin: { licence: 'MIT', reference: 'https://github.com/hoshsadiq/adblock-nocoin-list' },
  minecanary: { licence: 'Apache-2.0', reference: 'https://attack.mitre.org/techniques/T1496/001/' },
};

/** Most trusted first. */
export function byTrust(a: Origin, b: Origin): number {
  const order = Object.keys(ORIGINS);
  return order.indexOf(a) - order.indexOf(b);
}

/** Day of the last update of the shipped lookups; what has expired by then is left out. */
export const UPDATED = '2026-11-24';

/**
 * The day up to which the addresses of a list are vouched for: its own date and twelve months. NoCoin's filter list
 * gives its date (10 November 2025). maltrail gives only the year; the newest report it cites is an X status of
 * 6 August 2026 (the time is in the status id), so the list is at least that young.
 */
export const ADDRESSES_EXPIRE: Readonly<Partial<Record<Origin, string>>> = {
  maltrail: '2027-08-06',
  NoCoin: '2026-11-10',
};

const SIGMA_AT = `${ORIGINS.Sigma.reference}/blob/8eaafff1f284`;

export interface SigmaRule {
  readonly authors: string;
  readonly reference: string;
  readonly weak: boolean;
}

function sigmaRule(path: string, authors: string, level: 'low' | 'high'): [string, SigmaRule] {
  return [path, { authors, reference: `${SIGMA_AT}/${path}`, weak: level === 'low' }];
}

/** The Sigma rules that name pools; where several name one, the first is its reference. The licence wants the authors. */
export const SIGMA_RULES: ReadonlyMap<string, SigmaRule> = new Map([
  sigmaRule('rules/network/dns/net_dns_pua_cryptocoin_mining_xmr.yml', 'Florian Roth (Nextron Systems)', 'high'),
  sigmaRule(
    'rules/linux/network_connection/net_connection_lnx_crypto_mining_indicators.yml',
    'Florian Roth (Nextron Systems)',
    'high',
  ),
  sigmaRule(
    'rules/windows/network_connection/net_connection_win_domain_crypto_mining_pools.yml',
    'Florian Roth, Nasreddine Bencherchali (Nextron Systems)',
    'high',
  ),
  sigmaRule('rules/network/zeek/zeek_dns_mining_pools.yml', 'Saw Winn Naung, Azure-Sentinel, @neu5ron', 'low'),
]);

/** The Sigma rules whose texts of command lines or user agents are carried; the licence wants the authors. */
export const SIGMA_TEXT_RULES = {
  windowsCommand: sigmaRule(
    'rules/windows/process_creation/proc_creation_win_susp_crypto_mining_monero.yml',
    'Florian Roth (Nextron Systems)',
    'high',
  ),
  linuxCommand: sigmaRule(
    'rules/linux/process_creation/proc_creation_lnx_crypto_mining.yml',
    'Florian Roth (Nextron Systems)',
    'high',
  ),
  userAgent: sigmaRule('rules/web/proxy_generic/proxy_ua_cryptominer.yml', 'Florian Roth (Nextron Systems)', 'high'),
  redTail: sigmaRule(
    'rules-emerging-threats/2026/Malware/RedTail-Cryptominer/web_malware_redtail_useragent.yml',
    'Marco Pedrinazzi (@pedrinazziM) (InTheCyber)',
    'low',
  ),
} as const;
