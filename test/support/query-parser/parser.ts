/** Elasticsearch's own parsers of ES|QL and KQL. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { install } from '../../../scripts/elasticsearch/install.ts';
import { findJava } from '../../../scripts/elasticsearch/java.ts';
import { mavenJars } from '../maven.ts';

const VERSION = '9.5.3';
const HERE = import.meta.dirname;

export interface QueryParser {
  /** Faults of queries by their names (KQL where one ends in `.kql`, else ES|QL), as `name:line:column message`; none where all are well-formed. */
  faults(queries: Readonly<Record<string, string>>): string[];
  /** Whether Elasticsearch has a function, by its name in a query. */
  hasFunction(name: string): boolean;
  close(): void;
}

function run(command: string, words: readonly string[], cwd: string): string {
  const { status, error, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.slice(0, 1000)}`);
  return stdout;
}

/** @throws one sentence with the cure where Java or Maven is missing. */
export async function openQueryParser(): Promise<QueryParser> {
  const java = findJava();
  if (java === undefined) throw new Error("Elasticsearch's parsers of queries need Java: install a JDK 21 or newer.");
  const jars = await mavenJars(
    join(HERE, 'pom.xml'),
    `query-parser-${VERSION}`,
    "Elasticsearch's parsers of ES|QL and KQL (9 MB)",
  );
  const core = join(await install(VERSION, java), 'lib');
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-queries-'));
  const classpath = [folder, `${jars}/*`, `${core}/*`].join(delimiter);
  const sources = globSync(join(HERE, '**/*.java'));
  run(join(java, 'bin/javac'), ['-d', folder, '-cp', classpath, ...sources], folder);
  const classes = run(join(java, 'bin/jar'), ['--list', '--file', join(jars, `x-pack-esql-${VERSION}.jar`)], folder);
  const functions = new Set(
    [...classes.matchAll(/\/function\/(?:\w+\/)*([A-Z]\w+)\.class/g)].map(([, name = '']) => name.toUpperCase()),
  );
  return {
    faults(queries) {
      const names = Object.entries(queries).map(([name, query]) => {
        writeFileSync(join(folder, name), query);
        return name;
      });
      const told = run(join(java, 'bin/java'), ['-cp', classpath, 'Syntax', ...names], folder);
      return told.split('\n').filter((line) => line !== '');
    },
    hasFunction: (name) => functions.has(name.replaceAll('_', '')),
    close: () => rmSync(folder, { recursive: true }),
  };
}
