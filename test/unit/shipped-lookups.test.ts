import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import ipaddr from 'ipaddr.js';
import { parse as parseHost } from 'tldts';
import type { Block, Claim } from '../../scripts/curate/claim.ts';
import { newTally } from '../../scripts/curate/tally.ts';
import { weed } from '../../scripts/curate/weed.ts';

interface ShippedRow {
  readonly value: string | number;
  readonly type: string;
  readonly confidence: string;
  readonly port?: number;
  readonly category?: string;
  readonly provider?: string;
  readonly licence?: string;
  readonly reference?: string;
  readonly note?: string;
  readonly expires?: string;
}

interface ShippedLookup {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  readonly updated: string;
  readonly rows: readonly ShippedRow[];
}

const FOLDER = new URL('../../lookups/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');
const load = (name: string): ShippedLookup => JSON.parse(read(name)) as ShippedLookup;

const NAMES = `
  browser-miner-urls miner-downloads mining-command-lines mining-ports-extended mining-processes mining-signatures
  mining-sites mining-user-agents pool-addresses pool-domains sec-port-cryptomining stratum-methods
`
  .trim()
  .split(/\s+/);
const DAY = /^\d{4}-\d\d-\d\d$/;

const domains = [...load('pool-domains').rows, ...load('mining-sites').rows];
const addresses = load('pool-addresses').rows;
const byName = new Map(domains.map((row) => [String(row.value), row]));

/** The rows that match a name: its own and those of its parents. */
function matching(name: string): ShippedRow[] {
  const labels = name.split('.');
  return labels.flatMap((_, i) => byName.get(labels.slice(i).join('.')) ?? []);
}

test('the folder holds these lookups and no other', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  expect(files.sort()).toEqual(NAMES.map((name) => `${name}.json`));
});

describe.each(NAMES)('%s', (name) => {
  const lookup = load(name);

  test('has a complete header named like its file', () => {
    expect(lookup.name).toBe(name);
    for (const key of ['description', 'provider', 'licence', 'reference'] as const) expect(lookup[key]).toMatch(/\S/);
    expect(lookup.updated).toMatch(DAY);
  });

  test('every row has a value, a confidence, and texts where it has any', () => {
    for (const row of lookup.rows) {
      expect(['low', 'medium', 'high']).toContain(row.confidence);
      for (const text of [row.provider, row.licence, row.reference, row.note])
        expect(text ?? 'inherited').toMatch(/\S/);
    }
    const expired = lookup.rows.filter(({ expires }) => expires !== undefined && expires <= lookup.updated);
    expect(expired).toEqual([]);
  });

  test('no row stands twice', () => {
    const keys = lookup.rows.map(({ type, value, port }) => `${type} ${value} ${port ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('has one row a line', () => {
    const lines = read(name)
      .split('\n')
      .filter((line) => line.startsWith('    { "value": '));
    expect(lines).toHaveLength(lookup.rows.length);
    expect(lines.map((line) => JSON.parse(line.replace(/,$/, '')) as unknown)).toEqual(lookup.rows);
  });
});

describe('ports', () => {
  const { kind, rows } = load('sec-port-cryptomining');

  test("are the article's seven, at medium confidence, each with a note", () => {
    expect(kind).toBe('port');
    expect(rows.map(({ value }) => value)).toEqual([3333, 4444, 5555, 6666, 7777, 8888, 9999]);
    for (const row of rows) {
      expect(row).toMatchObject({ type: 'port', confidence: 'medium', note: expect.stringMatching(/\S/) });
    }
  });
});

describe('names', () => {
  test('are normal forms, sorted, under existing top-level domains, and no suffix', () => {
    for (const name of ['pool-domains', 'mining-sites']) {
      const { kind, rows } = load(name);
      expect(kind).toBe('domain');
      const values = rows.map(({ value }) => String(value));
      expect(values).toEqual([...values].sort());
    }
    for (const value of domains.map((row) => String(row.value))) {
      expect(value).toMatch(/^([a-z0-9]([a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/);
      expect(parseHost(value).isIcann).toBe(true);
      expect(parseHost(value, { allowPrivateDomains: true }).domain).not.toBeNull();
    }
  });

  test('have a known category and a provider whose licence they carry', () => {
    const licences: Record<string, string> = {
      Sigma: 'DRL-1.1',
      'ET Open': 'BSD',
      maltrail: 'MIT',
      NoCoin: 'MIT',
      minecanary: 'Apache-2.0',
    };
    for (const { type, category, provider = '', licence, reference, note, value } of domains) {
      expect(type).toBe('domain-name');
      expect(['pool', 'stratum', 'donation', 'browser-miner', 'site']).toContain(category);
      expect([value, licence]).toEqual([value, licences[provider]]);
      expect(reference).toMatch(/^https?:\/\/\S+$/);
      expect(provider !== 'Sigma' || note?.includes('rule by ') === true).toBe(true);
    }
  });

  test('a site is never more than low, a donation host or strong pool high', () => {
    for (const row of domains.filter(({ category }) => category === 'site')) expect(row.confidence).toBe('low');
    for (const row of domains.filter(({ category }) => category === 'donation')) expect(row.confidence).toBe('high');
  });

  test.each([
    ['pool.minexmr.com', 'pool'],
    ['pool.supportxmr.com', 'pool'],
    ['xmr-eu1.nanopool.org', 'pool'],
    ['gulf.moneroocean.stream', 'pool'],
    ['pool.hashvault.pro', 'pool'],
    ['xmr.2miners.com', 'pool'],
    ['de.monero.herominers.com', 'pool'],
    ['mine.c3pool.com', 'stratum'],
    ['donate.v2.xmrig.com', 'donation'],
    ['donate.ssl.xmrig.com', 'donation'],
    ['coinhive.com', 'browser-miner'],
    ['coin-hive.com', 'browser-miner'],
    ['authedmine.com', 'browser-miner'],
  ])('%s is matched as %s with high confidence', (name, category) => {
    expect(matching(name)).toContainEqual(expect.objectContaining({ category, confidence: 'high' }));
  });

  test.each(
    `
    seasonvar.run kinogo.kz lordfilm4k.lat luckylegendscasino.app ns5007765.ip-51-222-248.net
    mooo.com someone.mooo.com us.to dscloud.me ddns.net webhop.me now.sh herokuapp.com
    contaboserver.net vmi1.contaboserver.net ipfs.infura-ipfs.io my.domain adminer.com github.com
    minergate.com.example.org notminexmr.com pool.ntp.org xmrig.com exdynsrv.com mail.itseasy.com
    `
      .trim()
      .split(/\s+/),
  )('%s is not matched', (name) => {
    expect(matching(name)).toEqual([]);
  });

  test.each(['byw.dscloud.me', 'monero.us.to', 'd1pool.ddns.net', 'minero-proxy-01.now.sh'])(
    '%s is listed, deeper than the suffix it shares',
    (name) => {
      expect(matching(name)).toHaveLength(1);
    },
  );

  test('no row repeats what a parent says', () => {
    const ranks = ['low', 'medium', 'high'];
    const rank = ({ confidence }: ShippedRow): number => ranks.indexOf(confidence);
    const repeated = domains.filter((row) =>
      matching(String(row.value)).some(
        (other) => other !== row && other.category === row.category && rank(other) >= rank(row),
      ),
    );
    expect(repeated).toEqual([]);
  });
});

describe('addresses', () => {
  test('are public unicast, sorted by number and port, and all expire', () => {
    expect(load('pool-addresses').kind).toBe('address');
    for (const { value, type, port, expires } of addresses) {
      const address = ipaddr.parse(String(value));
      expect([value, address.range(), type]).toEqual([value, 'unicast', `${address.kind()}-addr`]);
      expect(address.toString()).toBe(value);
      if (port !== undefined) expect(port > 0 && port < 65_536 && Number.isInteger(port)).toBe(true);
      expect(expires).toMatch(DAY);
    }
    const keys = addresses.map(({ value, port = 0 }) => [...ipaddr.parse(String(value)).toByteArray(), port]);
    const padded = keys.map((key) => key.map((part) => String(part).padStart(5, '0')).join('.'));
    expect(padded).toEqual([...padded].sort());
  });

  test('an address without port is low', () => {
    const whole = addresses.filter(({ port }) => port === undefined);
    expect(whole.map(({ confidence }) => confidence)).toEqual(whole.map(() => 'low'));
    expect(whole).toContainEqual(expect.objectContaining({ value: '163.172.226.194' }));
  });

  test("a socket listed beside its pool's name is medium", () => {
    const socket = addresses.find(({ value, port }) => value === '51.81.245.40' && port === 5555);
    expect(socket).toMatchObject({ confidence: 'medium', note: 'listed with minexmr.com' });
  });

  test.each([8333, 58_080, 19_335])('the peers of a coin network on port %i are left out', (port) => {
    expect(addresses.filter((row) => row.port === port)).toEqual([]);
  });

  test('addresses of Cloudflare Spectrum stand as sockets only, and low', () => {
    const spectrum = addresses.filter(({ value }) => String(value).startsWith('172.65.'));
    expect(spectrum).not.toEqual([]);
    for (const row of spectrum) expect(row).toMatchObject({ confidence: 'low', port: expect.any(Number) });
  });

  test('forged and parked answers are left out', () => {
    expect(addresses.filter(({ value }) => /^(157\.240|204\.11\.56|208\.91\.197)\./.test(String(value)))).toEqual([]);
  });
});

describe('the weeding', () => {
  const block: Block = { origin: 'maltrail', references: [] };
  const name = (value: string, of: Block = block): Claim => ({ kind: 'domain', value, block: of });
  const address = (value: string, port?: number, of: Block = block): Claim => ({
    kind: 'address',
    value,
    ...(port === undefined ? {} : { port }),
    block: of,
  });
  const network = (size: number, of: Block): Claim[] =>
    Array.from({ length: size }, (_, i) => address(`9.9.${i}.9`, 8333, of));

  test.each([
    ['shared-suffix', name('co.uk')],
    ['shared-suffix', name('github.io')],
    ['shared-suffix', name('mooo.com')],
    ['no-such-tld', name('pool.invalidtld')],
    ['not-mining', name('gist.github.com')],
    ['title-search', name('films.example.org', { ...block, title: 'HashVault Mining Pool' })],
    ['special', address('192.168.1.1', 3333)],
    ['special', address('127.0.0.1')],
    ['special', address('224.0.0.1', 3333)],
    ['special', address('9.9.9.9', 0)],
    ['special', address('9.9.9.9', 65_536)],
    ['wrong-owner', address('157.240.1.1', 14_433)],
    ['cdn-address', address('172.65.1.1')],
    ['expired', address('9.9.9.9', 3333, { ...block, origin: 'NoCoin' })],
  ] as const)('%s takes out %j', (rule, claim) => {
    const tally = newTally();
    expect(weed([claim], tally)).toEqual([]);
    expect([...tally[rule]]).toHaveLength(1);
  });

  test.each([
    name('someone.github.io'),
    name('pool.example.org'),
    name('ru.hashvau.lt', { ...block, title: 'HashVault Mining Pool' }),
    address('172.65.1.1', 3333),
    address('9.9.9.9'),
  ])('%j stays', (claim) => {
    expect(weed([claim], newTally())).toEqual([claim]);
  });

  test('twenty addresses on one port are peers, nineteen are not, and a title vouches for any number', () => {
    const titled: Block = { ...block, title: 'HashVault Mining Pool' };
    expect(weed(network(20, block), newTally())).toEqual([]);
    expect(weed(network(19, block), newTally())).toHaveLength(19);
    expect(weed(network(20, titled), newTally())).toHaveLength(20);
    expect(weed([...network(10, block), ...network(10, { ...block })], newTally())).toHaveLength(20);
  });
});
