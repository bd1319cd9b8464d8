import { CommanderError } from 'commander';
import { ConfigError, LookupError } from '../model/errors.ts';

/** What a command's end tells a script. */
export const EXIT = {
  done: 0,
  /** Something could not be done: documents failed, a file is missing, a server can't be reached. */
  failed: 1,
  /** The command line, the configuration or a lookup has faults. */
  usage: 2,
  /** `scan --fail-on-match` found something. */
  matched: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof ConfigError || error instanceof LookupError) return EXIT.usage;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  return EXIT.failed;
}
