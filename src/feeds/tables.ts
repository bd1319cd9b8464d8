import { compile, type Tables } from '../lookups/compile.ts';
import { loadExceptions } from './exceptions.ts';
import { type LookupPlaces, loadLookups } from './load.ts';

/**
 * Loads lookups and exceptions and compiles them, once.
 *
 * @param today YYYY-MM-DD, UTC.
 * @throws LookupError with the faults of all files.
 */
export async function loadTables(places: LookupPlaces, today: string): Promise<Tables> {
  const [lookups, exceptions] = await Promise.all([loadLookups(places), loadExceptions(places.lookups)]);
  return compile(lookups, today, exceptions);
}
