import type { Row } from './row.ts';
import { type Entry, entryRows } from './texts.ts';

const STRATUM = 'https://en.bitcoin.it/wiki/Stratum_mining_protocol';
const EXTENSIONS = 'https://github.com/slushpool/stratumprotocol/blob/master/stratum-extensions.mediawiki';
const XMRIG = 'https://github.com/xmrig/xmrig-proxy/blob/master/doc/STRATUM.md';
const CRYPTONOTE = 'https://github.com/zone117x/node-cryptonote-pool/blob/master/lib/pool.js';
const ETHEREUM = 'https://github.com/sammy007/open-ethereum-pool/blob/master/docs/STRATUM.md';
const GETH = 'https://github.com/ethereum/go-ethereum/wiki/Mining';
const BITCOIN = 'https://developer.bitcoin.org/reference/rpc/getblocktemplate.html';
const MONERO = 'https://docs.getmonero.org/rpc-library/monerod-rpc/';

const METHODS: readonly Entry[] = [
  ...'subscribe authorize submit notify set_difficulty set_extranonce suggest_difficulty suggest_target get_transactions'
    .split(' ')
    .map((name): Entry => ({ value: `mining.${name}`, confidence: 'high', reference: STRATUM })),
  { value: 'mining.extranonce.subscribe', confidence: 'high', reference: STRATUM },
  { value: 'mining.configure', confidence: 'high', reference: EXTENSIONS },
  { value: 'mining.set_version_mask', confidence: 'high', reference: EXTENSIONS },
  { value: 'mining.set_target', confidence: 'high', reference: 'https://zips.z.cash/zip-0301' },
  { value: 'mining.multi_version', confidence: 'high', reference: 'https://github.com/hashrabbit/carrot-pool/wiki' },
  { value: 'mining.ping', confidence: 'high', reference: 'https://github.com/ckolivas/cgminer/blob/master/util.c' },
  {
    value: 'login',
    confidence: 'high',
    params: ['login', 'pass', 'agent'],
    reference: XMRIG,
    note: 'the first message of XMRig and its kin; Suricata 2024792 and Snort 46237 look for the same three',
  },
  { value: 'keepalived', confidence: 'high', reference: XMRIG },
  { value: 'submit', confidence: 'high', params: ['job_id', 'nonce', 'result'], reference: XMRIG },
  { value: 'job', confidence: 'high', params: ['blob', 'job_id'], reference: XMRIG },
  { value: 'getjob', confidence: 'medium', reference: CRYPTONOTE },
  { value: 'eth_submitLogin', confidence: 'high', reference: ETHEREUM, note: 'a node has no such method' },
  { value: 'eth_getWork', confidence: 'medium', reference: GETH, note: 'also between a node and its own miner' },
  { value: 'eth_submitWork', confidence: 'medium', reference: GETH, note: 'also between a node and its own miner' },
  { value: 'eth_submitHashrate', confidence: 'medium', reference: GETH, note: 'also between a node and its own miner' },
  { value: 'getwork', confidence: 'medium', reference: 'https://en.bitcoin.it/wiki/Getwork' },
  { value: 'getblocktemplate', confidence: 'low', reference: BITCOIN, note: 'also asked of a node by its owner' },
  { value: 'submitblock', confidence: 'low', reference: BITCOIN, note: 'also asked of a node by its owner' },
  { value: 'get_block_template', confidence: 'low', reference: MONERO, note: 'also asked of a node by its owner' },
  { value: 'submit_block', confidence: 'low', reference: MONERO, note: 'also asked of a node by its owner' },
];

/** Methods that a miner and its pool call. */
export function stratumMethodRows(): Row[] {
  return entryRows('network-traffic', METHODS);
}
