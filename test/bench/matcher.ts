import { setTimeout as sleep } from 'node:timers/promises';
import type { Matcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { sampleEvents } from '../support/sample/index.ts';
import { MINING, matcherOf } from '../support/tables.ts';
import { alternate, report, timed } from './rounds.ts';

const ROUNDS = 15;
const REPEATS = 5;
const FEW = 10_000;
const MANY = 1_000_000;
const { port = [], domain = [], address = [] } = MINING;

/** Names of pools that nobody runs, each under a registered domain of its own. */
function domains(number: number): string[] {
  return Array.from({ length: number }, (_, i) => `pool${i}.mine${(i * 7919) % number}-example.com`);
}

/** The last text that was parsed lives on until the stack is empty. */
async function heapInUse(): Promise<number> {
  await sleep(500);
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

/** The matcher alone: against JSON.parse of the same lines, and against itself with fewer kinds and indicators. */
export async function benchMatcher(): Promise<void> {
  const events = [...sampleEvents({ seed: 7, end: new Date('2026-11-24T00:00:00Z') })].map(({ document }) => document);
  const lines = events.map((event) => JSON.stringify(event));
  const documents = REPEATS * events.length;
  const each = (ms: number): string => `${((ms / documents) * 1000).toFixed(2)} µs`;
  const matching = (matcher: Matcher) => () => timed(() => matchAll(matcher, events));
  const parsing = (): number =>
    timed(() => {
      for (let i = 0; i < REPEATS; i += 1) for (const line of lines) JSON.parse(line);
    });

  const parsingAndMatching = (matcher: Matcher) => () =>
    timed(() => {
      for (let i = 0; i < REPEATS; i += 1) {
        for (const line of lines) matcher.match(JSON.parse(line) as EventDocument);
      }
    });

  const fewMatcher = matcherOf({ ...MINING, domain: domains(FEW) });
  const few = matching(fewMatcher);
  const before = await heapInUse();
  const many = matching(matcherOf({ ...MINING, domain: domains(MANY) }));
  const megabytes = ((await heapInUse()) - before) / 1e6;
  report(`match, all kinds, ${count(FEW)} domains, against JSON.parse`, await alternate(ROUNDS, few, parsing), each);
  const both = await alternate(ROUNDS, parsingAndMatching(fewMatcher), parsing);
  report(`JSON.parse and match, ${count(FEW)} domains, against JSON.parse`, both, each);
  report(`match, all kinds, ${count(MANY)} domains, against JSON.parse`, await alternate(ROUNDS, many, parsing), each);
  report(`match, ${count(MANY)} domains against ${count(FEW)}`, await alternate(ROUNDS, many, few), each);
  console.log(`${count(MANY)} domains take ${megabytes.toFixed(0)} MB${globalThis.gc ? '' : ' (garbage included)'}`);
  const three = matching(matcherOf({ port, domain: [...domain, ...domains(FEW)], address }));
  const all = matching(matcherOf({ ...MINING, domain: [...domain, ...domains(FEW)] }));
  report('match, all kinds against ports, domains and addresses', await alternate(ROUNDS, all, three), each);
  await benchLongText();
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function matchAll(matcher: Matcher, events: readonly EventDocument[]): number {
  let matched = 0;
  for (let i = 0; i < REPEATS; i += 1) for (const event of events) if (matcher.match(event) !== undefined) matched += 1;
  return matched;
}

/** A command line of 1 MB, made to nearly match everywhere, against reading it character by character. */
async function benchLongText(): Promise<void> {
  const matcher = matcherOf();
  const line = 'stratum+tcp:/ --donate-leve -o pool '.repeat(30_000).slice(0, 1_000_000);
  const event = { process: { command_line: line } };
  let sum = 0;
  const reading = (): number =>
    timed(() => {
      for (const char of JSON.parse(JSON.stringify(line)) as string) sum += char.codePointAt(0) ?? 0;
    });
  const sides = await alternate(ROUNDS, () => timed(() => matcher.match(event)), reading);
  if (sum === 0) throw new Error('nothing was read');
  report('match of a command line of 1 MB, against reading it', sides, (ms) => `${ms.toFixed(1)} ms`);
}
