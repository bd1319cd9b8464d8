import type { Command } from 'commander';
import { loadLookups } from '../../feeds/load.ts';
import { compile, type Tables } from '../../lookups/compile.ts';
import { explainValue } from '../../lookups/explain.ts';
import { indicatorName } from '../../model/indicator.ts';
import { plainText } from '../../telemetry/plain.ts';
import type { AddCommand } from '../program.ts';
import { CONFIG_OPTION, type CommonOptions, openSession, print, today } from '../session.ts';
import { type ExportCommandOptions, exportCommand } from './lookups/export.ts';
import { listLookups } from './lookups/list.ts';
import { type UpdateCommandOptions, updateLookups } from './lookups/update.ts';
import { validateLookups } from './lookups/validate.ts';

const EXAMPLES = `
Examples:
  minecanary lookups list                       what is in use
  minecanary lookups explain pool.minexmr.com   which rows match a value, and why
  minecanary lookups export --help              what can be given to one of them`;

export const addLookups: AddCommand = (program, end) => {
  const lookups = program
    .command('lookups')
    .description('list, check, ask, update and export the lookups')
    .addHelpText('after', EXAMPLES);
  withCommon(
    lookups.command('list'),
    'the lookups in use, with their digest and the age of those made of feeds',
    '  minecanary lookups list\n  minecanary lookups list --json',
  ).action(async (options: CommonOptions) => listLookups(options));
  withCommon(
    lookups.command('validate').argument('[files...]', 'lookup files, exceptions.json; without any, those in use'),
    'check lookup files; exit code 2 where one has errors',
    '  minecanary lookups validate\n  minecanary lookups validate my/lookup.json',
  ).action(async (files: string[], options: CommonOptions) => end(await validateLookups(files, options)));
  withCommon(
    lookups.command('update').argument('[names...]', 'feeds; without any, all').option('--dry-run', 'write nothing'),
    'fetch feeds and make lookups of them; exit code 1 where one fails',
    '  minecanary lookups update --config minecanary.yml\n  minecanary lookups update threatfox-pools --dry-run',
  ).action(async (names: string[], options: UpdateCommandOptions) => end(await updateLookups(names, options)));
  withCommon(
    lookups.command('explain').argument('<value>', 'port, name, address, address:port or URL'),
    'which rows would match a value, and why',
    '  minecanary lookups explain xmr.pool.minexmr.com\n  minecanary lookups explain 3333',
  ).action(async (value: string, options: CommonOptions) =>
    explain(await tablesOf(options), value, options.json === true),
  );
  withCommon(
    lookups
      .command('export')
      .requiredOption('--format <format>', 'stix, sigma, logstash or csv')
      .option('--lookup <name>', 'only this lookup')
      .option('--out <file>', 'write it here, in place of what is there; default, or -: standard output'),
    'write the lookups for other products; what those can not say is told on standard error',
    '  minecanary lookups export --format stix --out mining.json\n  minecanary lookups export --format csv --lookup pool-domains',
  ).action(async (options: ExportCommandOptions) => exportCommand(options));
};

function withCommon(command: Command, description: string, examples: string): Command {
  return command
    .description(description)
    .option(...CONFIG_OPTION)
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExamples:\n${examples}`);
}

async function tablesOf(options: CommonOptions): Promise<Tables> {
  return compile(await loadLookups(openSession(options).config), today());
}

function explain(tables: Tables, value: string, json: boolean): void {
  const findings = explainValue(tables, value);
  if (json) {
    print(JSON.stringify({ value, matches: findings }));
    return;
  }
  for (const { kind, indicator, why } of findings) {
    const { lookup, confidence, provider, reference } = indicator;
    const origin = `(${lookup}, ${confidence}, ${provider})`;
    print(plainText(`${indicator.kind} ${indicatorName(indicator)} ${origin} as ${kind}: ${why}`));
    print(`  ${plainText(reference)}`);
  }
  if (findings.length === 0) print(plainText(`No row matches ${value}.`));
}
