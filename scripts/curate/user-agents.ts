import type { Row } from './row.ts';
import { type Entry, entryRows, type SigmaTexts } from './texts.ts';

/** What miners call themselves when they ask by HTTP (getwork, their own updates, a pool's page). */
const AGENTS: readonly (readonly [value: string, reference?: string])[] = [
  ['XMRig/*', 'https://github.com/xmrig/xmrig/blob/master/src/version.h'],
  ['XMRig *'],
  ['xmrig-proxy/*', 'https://github.com/xmrig/xmrig-proxy'],
  ['xmr-stak*', 'https://github.com/fireice-uk/xmr-stak'],
  ['cpuminer/*', 'https://github.com/pooler/cpuminer'],
  ['cpuminer-*', 'https://github.com/JayDDee/cpuminer-opt'],
  ['ccminer*'],
  ['cgminer*', 'https://github.com/ckolivas/cgminer/blob/master/util.c'],
  ['sgminer*', 'https://github.com/sgminer-dev/sgminer'],
  ['bfgminer*', 'https://github.com/luke-jr/bfgminer'],
  ['nbminer*', 'https://github.com/NebuTech/NBMiner'],
  ['ethminer*', 'https://github.com/ethereum-mining/ethminer'],
  ['PhoenixMiner*', 'https://github.com/PhoenixMinerDevTeam/PhoenixMiner'],
  ['lolMiner*', 'https://github.com/Lolliedieb/lolMiner-releases'],
  ['T-Rex/*', 'https://github.com/trexminer/T-Rex'],
  ['GMiner/*', 'https://github.com/develsoftware/GMinerRelease'],
  ['TeamRedMiner*', 'https://github.com/todxx/teamredminer'],
  ['SRBMiner*', 'https://github.com/doktor83/SRBMiner-Multi'],
  ['WildRig*', 'https://github.com/andru-kun/wildrig-multi'],
  ['nanominer*', 'https://github.com/nanopool/nanominer'],
  ['nheqminer*', 'https://github.com/nicehash/nheqminer'],
  ['bzminer*', 'https://github.com/bzminer/bzminer'],
  ['poclbm/*', 'https://magic-sigexplorer.io/rules/et/et_rule_2016068'],
];

/** Whole user agents. */
export function userAgentRows(published: SigmaTexts): Row[] {
  const own = AGENTS.map(
    ([value, reference]): Entry => ({
      value,
      confidence: 'high',
      ...(reference === undefined ? {} : { reference }),
    }),
  );
  const redTail: Entry = {
    value: 'libredtail-http',
    category: 'malware',
    confidence: 'low',
    note: 'RedTail, malware that mines, asks web servers for holes by this name: low, as it comes from outside',
  };
  return entryRows('software', [...own, redTail], published);
}
