import type { Fault } from '../model/errors.ts';
import { checkText } from '../schema/check.ts';
import { type ExceptionRow, type ExceptionsFile, exceptionsSchema } from '../schema/exceptions.ts';
import { parseNetwork } from './address.ts';

// Apart from the reading, so that who gets rows that are checked already need not load what checks them.
export { compileExceptions, type Exceptable, type Exceptions } from './compile-exceptions.ts';

export interface ParsedExceptions {
  /** Absent where there is a fault. */
  readonly exceptions?: readonly ExceptionRow[];
  readonly faults: readonly Fault[];
  /** Line of a JSON pointer in the file; absent where the file could not be read at all. */
  readonly lineOf?: (pointer: string) => number | undefined;
}

/** Reads `exceptions.json`. All faults come back together, with their lines. Never throws. */
export function parseExceptions(text: string, file: string): ParsedExceptions {
  const checked = checkText<ExceptionsFile>(exceptionsSchema, text, file);
  if ('faults' in checked) return { faults: checked.faults };
  const { lineOf } = checked;
  const { exceptions } = checked.value;
  const faults = exceptions.flatMap((row, i): Fault[] => {
    const message = objection(row);
    if (message === undefined) return [];
    const pointer = `/exceptions/${i}`;
    const line = lineOf(pointer);
    return [{ severity: 'error', message, location: { file, ...(line === undefined ? {} : { line }), pointer } }];
  });
  return faults.length > 0 ? { faults, lineOf } : { exceptions, faults, lineOf };
}

/** An exception that would take in everybody is a mistake, or worse. */
function objection({ cidr }: ExceptionRow): string | undefined {
  const network = cidr === undefined ? undefined : parseNetwork(cidr);
  return network?.prefix === 0 ? `${cidr} excepts every address` : undefined;
}
