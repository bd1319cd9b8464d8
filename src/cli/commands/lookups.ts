import type { Command } from 'commander';
import { loadLookup, loadLookups, lookupFiles } from '../../feeds/load.ts';
import { compile, type Tables } from '../../lookups/compile.ts';
import { explainValue } from '../../lookups/explain.ts';
import { guard } from '../../lookups/guards.ts';
import { type Fault, formatFault } from '../../model/errors.ts';
import { indicatorName } from '../../model/indicator.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { AddCommand } from '../program.ts';
import { type CommonOptions, openSession, print, today } from '../session.ts';

export const addLookups: AddCommand = (program, end) => {
  const lookups = program.command('lookups').description('list, check and ask the lookups');
  withCommon(
    lookups.command('list'),
    'the lookups in use, with their digest',
    '  minecanary lookups list --json',
  ).action(async (options: CommonOptions) => list(await tablesOf(options), options.json === true));
  withCommon(
    lookups.command('validate').argument('[files...]', 'lookup files; without any, those in use'),
    'check lookup files; exit code 2 where one has errors',
    '  minecanary lookups validate\n  minecanary lookups validate my/lookup.json',
  ).action(async (files: string[], options: CommonOptions) => end(await validate(files, options)));
  withCommon(
    lookups.command('explain').argument('<value>', 'port, name, address, address:port or URL'),
    'which rows would match a value, and why',
    '  minecanary lookups explain xmr.pool.minexmr.com\n  minecanary lookups explain 3333',
  ).action(async (value: string, options: CommonOptions) =>
    explain(await tablesOf(options), value, options.json === true),
  );
};

function withCommon(command: Command, description: string, examples: string): Command {
  return command
    .description(description)
    .option('--config <file>', 'configuration (.yml, .json)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExamples:\n${examples}`);
}

async function tablesOf(options: CommonOptions): Promise<Tables> {
  return compile(await loadLookups(openSession(options).config.lookups), today());
}

function list({ digest, lookups }: Tables, json: boolean): void {
  const rows = lookups.map(({ name, kind, indicators, updated, provider, licence, description }) => ({
    name,
    kind,
    rows: indicators.length,
    updated,
    provider,
    licence,
    description,
  }));
  if (json) {
    print(JSON.stringify({ digest, lookups: rows }));
    return;
  }
  for (const { name, kind, rows: count, updated, description } of rows) {
    print(`${name.padEnd(24)} ${kind.padEnd(8)} ${String(count).padStart(7)} rows  ${updated}  ${description}`);
  }
  print(`digest ${digest}`);
}

async function validate(files: readonly string[], options: CommonOptions): Promise<ExitCode> {
  const named = files.length > 0 ? files : await lookupFiles(openSession(options).config.lookups);
  const faults: Fault[] = [];
  for (const file of named) {
    const parsed = await loadLookup(file);
    faults.push(...parsed.faults);
    if (parsed.lookup !== undefined) faults.push(...guard(parsed.lookup, today(), parsed.lineOf));
  }
  const errors = faults.filter(({ severity }) => severity === 'error');
  const warnings = faults.filter(({ severity }) => severity === 'warning');
  if (options.json === true) {
    print(JSON.stringify({ files: named, errors, warnings }));
  } else {
    for (const [word, some] of [
      ['error', errors],
      ['warning', warnings],
    ] as const) {
      for (const fault of some) print(`${word}:${formatFault(fault)}`);
    }
    print(`${named.length} files, ${errors.length} errors, ${warnings.length} warnings`);
  }
  return errors.length > 0 ? EXIT.usage : EXIT.done;
}

function explain(tables: Tables, value: string, json: boolean): void {
  const findings = explainValue(tables, value);
  if (json) {
    print(JSON.stringify({ value, matches: findings }));
    return;
  }
  for (const { kind, indicator, why } of findings) {
    const { lookup, confidence, provider, reference } = indicator;
    print(`${indicator.kind} ${indicatorName(indicator)} (${lookup}, ${confidence}, ${provider}) as ${kind}: ${why}`);
    print(`  ${reference}`);
  }
  if (findings.length === 0) print(`No row matches ${value}.`);
}
