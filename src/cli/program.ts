import { Command, CommanderError } from 'commander';
import { VERSION } from '../config/version.ts';
import { plainText } from '../telemetry/plain.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { tellError } from './session.ts';

/** Adds a command to the program. The code it ends with goes to `end`. */
export type AddCommand = (program: Command, end: (code: ExitCode) => void) => void;

/** In the order of the help. Each is loaded when it is asked for: what one needs, others need not wait for. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./commands/run.ts')).addRun,
  setup: async () => (await import('./commands/setup.ts')).addSetup,
  init: async () => (await import('./commands/init.ts')).addInit,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  scan: async () => (await import('./commands/scan.ts')).addScan,
  hunt: async () => (await import('./commands/hunt.ts')).addHunt,
  explain: async () => (await import('./commands/explain.ts')).addExplain,
  status: async () => (await import('./commands/status.ts')).addStatus,
  report: async () => (await import('./commands/report.ts')).addReport,
  lookups: async () => (await import('./commands/lookups.ts')).addLookups,
};

/** The command that is named, or all of them, for the help. */
function commandsFor(name = ''): Promise<AddCommand[]> {
  const named = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  return Promise.all(named.filter((load) => load !== undefined).map((load) => load()));
}

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
  for (const add of await commandsFor(argv[2])) {
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
