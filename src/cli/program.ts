import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.ts';
import { plainText } from '../telemetry/plain.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExplain } from './commands/explain.ts';
import { addHunt } from './commands/hunt.ts';
import { addInit } from './commands/init.ts';
import { addLookups } from './commands/lookups.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addScan } from './commands/scan.ts';
import { addSetup } from './commands/setup.ts';
import { addStatus } from './commands/status.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { tellError } from './session.ts';

/** Adds a command to the program. The code it ends with goes to `end`. */
export type AddCommand = (program: Command, end: (code: ExitCode) => void) => void;

const COMMANDS: readonly AddCommand[] = [
  addRun,
  addSetup,
  addInit,
  addDoctor,
  addScan,
  addHunt,
  addExplain,
  addStatus,
  addReport,
  addLookups,
];

const EXAMPLES = `
Examples:
  minecanary scan events.ndjson          what is in a file; needs no Elasticsearch
  minecanary init                        write a configuration; then doctor, and run --once --dry-run
  minecanary hunt --help                 what can be given to a command, with examples

Exit codes: 0 done; 1 something failed; 2 faults in usage, configuration or lookups; 3 scan --fail-on-match found
something.`;

/**
 * Runs the command line. Errors are told on standard error, as plain text.
 *
 * @returns the exit code.
 */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = new Command('minecanary')
    .description('Finds cryptomining (MITRE ATT&CK T1496) in the events an ELK stack already holds.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`${plainText(text)}\n`) })
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(--help shows what can be given)');
  for (const add of COMMANDS) {
    add(program, (ended) => {
      code = ended;
    });
  }
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    // Commander has told its own already.
    if (!(error instanceof CommanderError)) tellError(error);
    return exitCodeOf(error);
  }
}
