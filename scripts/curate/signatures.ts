import type { Row } from './row.ts';
import { type Entry, entryRows } from './texts.ts';

const ET = 'https://rules.emergingthreats.net/open/suricata/rules/emerging-coinminer.rules';
const ET_POLICY = 'https://rules.emergingthreats.net/open/suricata/rules/emerging-policy.rules';
const SNORT = 'https://snort.org/rule_docs/1-46237';
const CLASSES = 'https://github.com/OISF/suricata/blob/master/etc/classification.config';
const PALO_ALTO = 'https://expel.com/blog/detecting-coin-miners-with-palo-alto-networks-ngfw/';
const FORTINET = 'https://fortiguard.fortinet.com/encyclopedia/virus/2971312';
const UMBRELLA = 'https://docs.umbrella.com/';
const ATTACK = 'https://attack.mitre.org/techniques/T1496/001/';

/** Names of rules and their categories, whoever sells them: the makers agree on a few words. */
const WORDS: readonly (readonly [value: string, reference: string, note?: string])[] = [
  ['ET COINMINER *', ET],
  ['ETPRO COINMINER *', ET],
  ['coin-mining', CLASSES, 'class of rules of Suricata'],
  ['*Crypto Currency Mining*', CLASSES, 'the category "Crypto Currency Mining Activity Detected" of Suricata'],
  ['*Cryptocurrency Min*', SNORT, '"ET POLICY Cryptocurrency Miner Checkin", "PUA-OTHER Cryptocurrency Miner ..."'],
  ['*Cryptocurrency.Min*', FORTINET],
  ['*CoinMiner*', PALO_ALTO],
  ['*Coin Miner*', ET],
  ['*Coin-Miner*', ET],
  ['*Coin.Miner*', FORTINET],
  ['*BitCoin Min*', 'https://magic-sigexplorer.io/rules/et/et_rule_2016068', '"ET POLICY poclbm BitCoin miner"'],
  ['*BitCoin.Min*', FORTINET],
  ['*Monero Min*', ET_POLICY, '"ET POLICY Monero Mining Pool DNS Lookup"'],
  ['*Monero.Min*', FORTINET],
  ['*Ethereum Min*', ET_POLICY],
  ['*Cryptominer*', UMBRELLA],
  ['*Cryptomining*', UMBRELLA, 'category of Cisco Umbrella'],
  ['*Crypto Miner*', SNORT],
  ['*Crypto Mining*', SNORT],
  ['*Crypto-Miner*', SNORT],
  ['*Crypto-Mining*', SNORT],
  ['*Cryptojack*', ATTACK],
  ['*XMRig*', ET],
  ['*Coinhive*', ET],
  ['*Stratum Min*', ET],
];

/** Malware that mines, named for what it is. */
const MALWARE: readonly (readonly [value: string, reference: string])[] = [
  ['*Kinsing*', 'https://attack.mitre.org/software/S0599/'],
  ['*LemonDuck*', 'https://attack.mitre.org/techniques/T1496/001/'],
  ['*Lemon_Duck*', 'https://attack.mitre.org/techniques/T1496/001/'],
  ['*WannaMine*', 'https://attack.mitre.org/techniques/T1496/001/'],
  ['*Skidmap*', 'https://attack.mitre.org/software/S0468/'],
  ['*TeamTNT*', 'https://attack.mitre.org/groups/G0139/'],
];

/** Whole names and categories of IDS rules: never the words "mining" or "miner" alone (data mining, examiner). */
export function signatureRows(): Row[] {
  const words = WORDS.map(
    ([value, reference, note]): Entry => ({
      value,
      confidence: 'high',
      reference,
      ...(note === undefined ? {} : { note }),
    }),
  );
  const malware = MALWARE.map(
    ([value, reference]): Entry => ({ value, category: 'malware', confidence: 'medium', reference }),
  );
  return entryRows('x-ids-signature', [...words, ...malware]);
}
