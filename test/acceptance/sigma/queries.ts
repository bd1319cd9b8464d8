/** Sigma's rules as queries of Elasticsearch, made by pySigma. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runPython } from '../../support/python.ts';

export interface SigmaQuery {
  /** Title of the rule. */
  readonly rule: string;
  /** Whether the rule is on mining; the others only mention it. */
  readonly mining: boolean;
  readonly pipeline: string;
  /** In Lucene's syntax. */
  readonly query: string;
  /** Fields that the query reads. */
  readonly fields: readonly string[];
}

/** @param file an array of rules as JSON, each with `core_mining` beside what Sigma defines. */
export async function sigmaQueries(file: string): Promise<SigmaQuery[]> {
  return (await runPython(join(import.meta.dirname, 'convert.py'), [], readFileSync(file, 'utf8'))) as SigmaQuery[];
}
