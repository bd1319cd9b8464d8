/** The real events of the folder MINECANARY_REAL_DATA, each with its label, and what `scan` makes of them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Severity } from '../../src/model/match.ts';
import { runCli } from '../support/cli.ts';
import type { Claim } from '../support/indicator-oracle.ts';

/** Real indicators in real envelopes, but no real traffic: it stands apart. */
export const COMPOSED = 'composed';

export interface Labelled {
  readonly source: string;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly label: 'mining' | 'benign' | 'unknown';
}

/** What is looked at of a tagged event. */
export interface Tagged {
  readonly threat: { readonly enrichments: readonly Claim[] };
  readonly minecanary: {
    readonly score: number;
    readonly severity: Severity;
    readonly incident: { readonly id: string };
  };
}

export interface Judged extends Labelled {
  /** Undefined where nothing matched. */
  readonly tagged: Tagged | undefined;
}

export interface FoundIncident {
  readonly id: string;
  readonly entity: { readonly name: string };
  readonly events: number;
  readonly score: number;
  readonly severity: Severity;
}

export interface Scanned {
  readonly judged: readonly Judged[];
  readonly incidents: readonly FoundIncident[];
  /** Highest severity alerted of each incident that was. */
  readonly alerted: ReadonlyMap<string, Severity>;
  /** Exit code, and counts as `scan --json` prints them. */
  readonly code: number | NodeJS.Signals;
  readonly counts: { readonly seen: number; readonly matched: number; readonly unreadable: number };
  /** Lines of `--out`. */
  readonly written: readonly string[];
}

function linesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').trimEnd();
  return text === '' ? [] : text.split('\n');
}

function parsed<T>(lines: readonly string[]): T[] {
  return lines.map((line) => JSON.parse(line) as T);
}

/** Where an event lies. */
export function placeOf({ source, line }: Pick<Labelled, 'source' | 'line'>): string {
  return `${source}:${line}`;
}

/** Declares tests on the real events; without them, one that says so. */
export function describeReal(name: string, body: (data: string) => void): void {
  const data = process.env.MINECANARY_REAL_DATA ?? '';
  if (data !== '') {
    describe(name, () => body(data));
    return;
  }
  test(`MINECANARY_REAL_DATA is not set: ${name}: not measured`, () => {
    console.warn(`MINECANARY_REAL_DATA is not set: ${name}: not measured`);
    expect(data).toBe('');
  });
}

/** Names of the sources, those of real traffic first. */
export function sourcesOf(data: string): string[] {
  const names = readdirSync(join(data, 'events'))
    .filter((name) => name.endsWith('.ndjson') && !name.endsWith('.labels.ndjson'))
    .map((name) => name.slice(0, -'.ndjson'.length));
  return [...names.filter((name) => name !== COMPOSED), ...names.filter((name) => name === COMPOSED)];
}

export function readSource(data: string, source: string): Labelled[] {
  const lines = linesOf(join(data, 'events', `${source}.ndjson`));
  const labels = linesOf(join(data, 'events', `${source}.labels.ndjson`));
  if (lines.length !== labels.length) {
    throw new Error(`${source}.labels.ndjson has ${labels.length} lines, ${source}.ndjson ${lines.length}.`);
  }
  return lines.map((text, i) => {
    const { label } = JSON.parse(labels[i] ?? '') as Pick<Labelled, 'label'>;
    return { source, line: i + 1, text, event: JSON.parse(text) as Labelled['event'], label };
  });
}

/** Scans one source as a person would, with the shipped lookups and the defaults. */
export function scanSource(data: string, source: string): Promise<Scanned> {
  return inFolder((folder) => scanFile(join(data, 'events', `${source}.ndjson`), readSource(data, source), [], folder));
}

/** Scans all sources as one file, with `options`: as the worker does, it sees DNS and connections together. */
export function scanTogether(data: string, sources: readonly string[], options: readonly string[]): Promise<Scanned> {
  return inFolder((folder) => {
    const events = sources.flatMap((source) => readSource(data, source));
    const file = join(folder, 'events');
    writeFileSync(file, events.map(({ text }) => `${text}\n`).join(''));
    return scanFile(file, events, options, folder);
  });
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function scanFile(
  file: string,
  events: readonly Labelled[],
  options: readonly string[],
  folder: string,
): Promise<Scanned> {
  const [out, alerts] = [join(folder, 'out'), join(folder, 'alerts')];
  const { code, stdout, stderr } = await runCli(['scan', file, '--out', out, '--alerts', alerts, '--json', ...options]);
  if (stdout === '') throw new Error(`scan of ${file} ended with ${code}: ${stderr}`);
  const { found, ...counts } = JSON.parse(stdout) as Scanned['counts'] & { found: FoundIncident[] };
  const written = linesOf(out);
  const judged = events.map(
    (one, i): Judged => ({ ...one, tagged: written[i] === one.text ? undefined : taggedOf(written[i]) }),
  );
  const raised = parsed<{ minecanary: Tagged['minecanary'] }>(linesOf(alerts));
  const alerted = new Map(raised.map(({ minecanary: { incident, severity } }) => [incident.id, severity]));
  return { judged, incidents: found, alerted, code, counts, written };
}

function taggedOf(line: string | undefined): Tagged | undefined {
  return line === undefined ? undefined : (JSON.parse(line) as Tagged);
}
