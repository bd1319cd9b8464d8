import { InvalidArgumentError } from 'commander';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../../elastic/names.ts';
import { parseDuration } from '../../model/duration.ts';
import { ConfigError } from '../../model/errors.ts';
import { readStatus } from '../../report/status/read.ts';
import { type StatusReport, statusReport } from '../../report/status/report.ts';
import { requirePrivileges } from '../../setup/privileges.ts';
import { decidedBy } from '../../worker/pass.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { AddCommand } from '../program.ts';
import { CONFIG_OPTION, type CommonOptions, openClient, openSession, openTables, print } from '../session.ts';
import { checkLine, type StatusShape, statusText } from '../status-text.ts';
import { UTC_OPTION, type ZoneOptions, zoneOf } from '../zone.ts';

interface StatusOptions extends CommonOptions, ZoneOptions {
  readonly check?: boolean;
  readonly maxAge: string;
  readonly failures: number;
}

const EXAMPLES = `
A gap is: a source that was never gone over, or not since --max-age; a sweep that is overdue by so much; documents that
could not be written for so long. Changes nothing. With --check, exit code 1 where there is a gap.

Examples:
  minecanary status                          coverage, lag, failures, exceptions, of every source
  minecanary status --check --max-age 30m    one line for a monitoring system
  minecanary status --json                   one JSON object`;

const READ = [UNITS, INCIDENTS, `${MATCHES}-*`, `${ALERTS}-*`];

export const addStatus: AddCommand = (program, end) => {
  program
    .command('status')
    .description('how far each source is covered, and what is not')
    .option(...CONFIG_OPTION)
    .option('--check', 'print one line; exit code 1 where there is a gap')
    .option('--max-age <duration>', 'what is older is a gap, such as 30m or 25h', '1h')
    .option('--failures <number>', 'failed documents that are named, at most', mostOf, 20)
    .option(...UTC_OPTION)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (options: StatusOptions) => end(await status(options)));
};

function mostOf(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It is a number from 0 to 9999.');
  return Number(text);
}

async function status(options: StatusOptions): Promise<ExitCode> {
  const maxAge = parseDuration(options.maxAge);
  if (maxAge === undefined) {
    throw new ConfigError(
      `--max-age ${options.maxAge} is no duration: a whole number and s, m, h, d or w, such as 30m.`,
    );
  }
  const { config, progress } = openSession(options);
  const tables = await openTables(config);
  const client = await openClient(config);
  try {
    progress.update('reading what the worker did');
    // What can't be read would count as nothing.
    await requirePrivileges(client, { cluster: [], indices: [{ names: READ, privileges: ['read'] }] });
    const facts = await readStatus({ client, config, tables, most: options.failures });
    progress.clear();
    const digests = { lookups: tables.digest, decidedBy: decidedBy(tables) };
    const zone = zoneOf({ utc: options.utc === true || options.json === true });
    const moment = (time: string): string => `${zone.minute(time)} ${zone.name}`;
    const report = statusReport(facts, { config, digests, maxAge, moment });
    tell(report, options, { zone, horizon: config.horizon });
    return (options.check === true && !report.ok) || !report.set_up ? EXIT.failed : EXIT.done;
  } finally {
    progress.clear();
    await client.close();
  }
}

function tell(report: StatusReport, { check, json }: StatusOptions, shape: Omit<StatusShape, 'width'>): void {
  if (json === true) print(JSON.stringify(report));
  else if (check === true) print(checkLine(report));
  else print(statusText(report, { width: process.stdout.columns ?? Infinity, ...shape }));
}
