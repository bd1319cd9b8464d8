import { basename } from 'node:path';
import type { Config } from '../../../config/config.ts';
import { exceptionFiles, loadExceptionFile } from '../../../feeds/exceptions.ts';
import { EXCEPTIONS, loadLookup, lookupFiles, madeFiles } from '../../../feeds/load.ts';
import { type Guarded, guard, guardTogether } from '../../../lookups/guards.ts';
import { type Fault, formatFault } from '../../../model/errors.ts';
import { plainText } from '../../../telemetry/plain.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { type CommonOptions, openSession, print, today } from '../../session.ts';

/** Checks the named files, or those in use: lookups and exceptions. */
export async function validateLookups(files: readonly string[], options: CommonOptions): Promise<ExitCode> {
  const named = files.length > 0 ? files : await filesInUse(openSession(options).config);
  const faults = await faultsOf(named);
  const errors = faults.filter(({ severity }) => severity === 'error');
  const warnings = faults.filter(({ severity }) => severity === 'warning');
  if (options.json === true) {
    print(JSON.stringify({ files: named, errors, warnings }));
  } else {
    for (const fault of errors) print(`error:  ${plainText(formatFault(fault))}`);
    for (const fault of warnings) print(`warning:  ${plainText(formatFault(fault))}`);
    print(`${named.length} files, ${errors.length} errors, ${warnings.length} warnings`);
  }
  return errors.length > 0 ? EXIT.usage : EXIT.done;
}

/** Faults of files of lookups and exceptions, with what their editors should look at. */
export async function faultsOf(files: readonly string[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  const good: Guarded[] = [];
  for (const file of files) {
    faults.push(...(basename(file) === EXCEPTIONS ? await exceptionFaults(file) : await lookupFaults(file, good)));
  }
  return [...faults, ...guardTogether(good)];
}

/** Files of lookups and exceptions, those made of feeds too. */
export async function filesInUse(config: Config): Promise<string[]> {
  const { lookups } = config;
  return [...(await lookupFiles(lookups)), ...(await exceptionFiles(lookups)), ...(await madeFiles(config))];
}

/** @param good takes the lookup, where it has no fault. */
async function lookupFaults(file: string, good: Guarded[]): Promise<Fault[]> {
  const { lookup, faults, lineOf } = await loadLookup(file);
  if (lookup === undefined) return [...faults];
  good.push(lineOf === undefined ? { lookup } : { lookup, lineOf });
  return [...faults, ...guard(lookup, today(), lineOf)];
}

/** With a warning for each exception that has expired. */
async function exceptionFaults(file: string): Promise<Fault[]> {
  const { exceptions = [], faults, lineOf } = await loadExceptionFile(file);
  const expired = exceptions.flatMap(({ expires }, i): Fault[] => {
    if (expires >= today()) return [];
    const pointer = `/exceptions/${i}`;
    const line = lineOf?.(pointer);
    const location = { file, ...(line === undefined ? {} : { line }), pointer };
    return [{ severity: 'warning', message: `it expired on ${expires}`, location }];
  });
  return [...faults, ...expired];
}
