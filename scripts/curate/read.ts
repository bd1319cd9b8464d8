import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../../src/lookups/address.ts';
import { parseName } from '../../src/lookups/name.ts';
import type { Block, Claim } from './claim.ts';
import { ORIGINS, SIGMA_RULES } from './origins.ts';
import { type PublishedRule, readSigmaTexts, type SigmaTextsByField } from './sigma-texts.ts';
import type { Tally } from './tally.ts';
import type { PathRule } from './urls.ts';

/** What the published lists say. */
export interface Lists {
  readonly claims: readonly Claim[];
  readonly texts: SigmaTextsByField;
  readonly paths: readonly PathRule[];
}

/**
 * Reads the published lists of a folder, under the names they have there, into claims in normal form. What is no plain
 * name, address or socket is counted. Throws where a file is missing, or a Sigma rule has no authors in the table.
 */
export function readLists(folder: string, tally: Tally): Lists {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const rules = JSON.parse(text('sigma_mining_rules.json')) as PublishedRule[];
  const nocoin = text('nocoin_nocoin.txt');
  const claims = [
    ...readSigma(rules, tally),
    ...readPlain(text('et_open_domains.txt'), tally),
    ...readMaltrail(text('maltrail_suspicious_crypto_mining.txt'), tally),
    ...readHosts(text('nocoin_hosts.txt'), tally),
    ...readAdblock(nocoin, tally),
  ];
  return { claims, texts: readSigmaTexts(rules), paths: readPaths(nocoin, tally) };
}

function claim(text: string, block: Block, tally: Tally): Claim[] {
  const socket = /^(?<address>[\d.]+):(?<port>\d+)$/.exec(text)?.groups;
  const address = parseAddress(socket?.address ?? text);
  if (address !== undefined) {
    const port = socket === undefined ? {} : { port: Number(socket.port) };
    return [{ kind: 'address', value: address.text, ...port, block }];
  }
  // "www." is the web site of the name it stands before, so the name itself is meant.
  const name = parseName(text)?.replace(/^www\.(?=.*\.)/, '');
  if (name?.includes('.') === true) return [{ kind: 'domain', value: name, block }];
  tally['not-plain'].add(text);
  return [];
}

/** Blocks of comments, then values; a blank line may stand between them. A commented value is none. */
function readMaltrail(text: string, tally: Tally): Claim[] {
  const claims: Claim[] = [];
  let header: string[] = [];
  let block: Block | undefined;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.startsWith('#')) {
      if (block !== undefined) header = [];
      block = undefined;
      header.push(line);
    } else if (line !== '') {
      block ??= maltrailBlock(header);
      claims.push(...claim(line, block, tally));
    }
  }
  return claims;
}

function maltrailBlock(header: readonly string[]): Block {
  const references = header.flatMap((line) => /^# Reference:.*?(https?:\/\/\S+)/.exec(line)?.[1] ?? []);
  const title = header.map((line) => /^# TITLE-HOST\/IP=(.+)$/.exec(line)?.[1]).find((each) => each !== undefined);
  return { origin: 'maltrail', references, ...(title === undefined ? {} : { title }) };
}

/** One name a line. */
function readPlain(text: string, tally: Tally): Claim[] {
  const block: Block = { origin: 'ET Open', references: [ORIGINS['ET Open'].reference], about: 'pools' };
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).flatMap((line) => claim(line, block, tally));
}

/** `0.0.0.0 name` a line. */
function readHosts(text: string, tally: Tally): Claim[] {
  const block: Block = { origin: 'NoCoin', references: [ORIGINS.NoCoin.reference] };
  return [...text.matchAll(/^0\.0\.0\.0\s+(\S+)$/gm)].flatMap(([, name = '']) => claim(name, block, tally));
}

/**
 * `||value^`, alone or limited to third-party pages. A name so limited is weak evidence: a visit of the site itself was
 * not meant. Other rules that block a host are counted as not plain; rules of other forms name no host.
 */
function readAdblock(text: string, tally: Tally): Claim[] {
  const source: Omit<Block, 'about'> = { origin: 'NoCoin', references: [ORIGINS.NoCoin.reference] };
  const sections: Record<'pools' | 'weak' | 'miners', Block> = {
    pools: { ...source, about: 'pools' },
    weak: { ...source, about: 'weak' },
    miners: source,
  };
  let section = '';
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('! ')) section = line.slice(2).replace(/[ -]+$/, '');
    if (!line.startsWith('||')) return [];
    const rule = /^\|\|(?<value>[^/$*^]+)\^(?<limit>\$third-party)?$/.exec(line)?.groups;
    if (rule?.value === undefined) {
      if (pathRule(line) !== undefined) return [];
      tally['not-plain'].add(line);
      return [];
    }
    const about = section === 'Pools' ? 'pools' : rule.limit === undefined ? 'miners' : 'weak';
    return claim(rule.value, sections[about], tally);
  });
}

function pathRule(line: string): PathRule | undefined {
  const { host, path } = /^\|\|(?<host>[\w.-]+)(?<path>\/[^$*^|]+)$/.exec(line)?.groups ?? {};
  const name = parseName(host ?? '');
  return name === undefined || path === undefined ? undefined : `${name}${path}`;
}

/** `||host/path`. A rule on a path without a host is counted: it can't be said of what site it is. */
function readPaths(text: string, tally: Tally): PathRule[] {
  return text.split('\n').flatMap((line) => {
    if (/^[/?=.-]/.test(line) && !line.startsWith('/^')) tally['no-host'].add(line);
    return pathRule(line) ?? [];
  });
}

/** The names that the rules ask for in DNS queries and destination host names. */
function readSigma(rules: readonly PublishedRule[], tally: Tally): Claim[] {
  const published = new Map(rules.map((rule) => [rule.path, sigmaNames(rule.detection)]));
  for (const [path, names] of published) {
    if (names.length === 0 || SIGMA_RULES.has(path)) continue;
    throw new Error(
      `sigma_mining_rules.json: ${path} names pools, but scripts/curate/origins.ts has no authors for it`,
    );
  }
  return [...SIGMA_RULES].flatMap(([path, { authors, reference, weak }]) => {
    const block: Block = { origin: 'Sigma', references: [reference], authors, about: weak ? 'weak' : 'pools' };
    return (published.get(path) ?? []).flatMap((name) => claim(name, block, tally));
  });
}

function sigmaNames(node: unknown, field = ''): string[] {
  if (typeof node === 'string') return /^(DestinationHostname|query)(\||$)/.test(field) ? [node] : [];
  if (Array.isArray(node)) return node.flatMap((each) => sigmaNames(each, field));
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => sigmaNames(value, key));
}
