import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinScript } from '../convert/pipeline/pipeline.ts';

/** Beside src/ as beside dist/. */
const FOLDER = join(import.meta.dirname, '../../pipelines/painless');
/** It comes last: in Painless all functions stand before the statements. */
const MAIN = 'main.painless';

/** The script of the ingest pipeline, joined from the files of pipelines/painless/. */
export function enrichScript(): string {
  const functions = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.painless') && name !== MAIN)
    .toSorted();
  return joinScript([...functions, MAIN].map((name) => readFileSync(join(FOLDER, name), 'utf8')));
}
