/** Other programs on the same events, each asked for a part of what `scan` looks for: none is made for all of it. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTables } from '../../src/feeds/tables.ts';
import { alternate, report, timed } from './rounds.ts';

const ROUNDS = 3;
const ROOT = new URL('../..', import.meta.url).pathname;

export interface OthersOptions {
  readonly folder: string;
  readonly file: string;
  /** Of the file. */
  readonly lines: number;
  /** Milliseconds of a scan of the file. */
  readonly scan: () => Promise<number>;
}

interface Other {
  readonly what: string;
  readonly command: readonly [string, ...string[]];
  /** Ends well where it is installed. */
  readonly installed: readonly [string, ...string[]];
}

const JQ = '[.destination.port?, .server.port?, .url.port?] | any($ports[tostring])';

/** zargunlite loads events into SQLite and asks it in SQL, as rules of Sigma are converted for it. */
const ZARGUNLITE = `
import json, sys
from zargunlite.core import ZargunCore
from zargunlite.model import ZircoliteRule
from zargunlite.preprocess import flatten_json
columns, names = {}, json.load(open(sys.argv[2]))
def row(line):
    found = {}
    for path, value in flatten_json(json.loads(line)).items():
        name = "_".join(path).replace("@", "_").replace(".", "_").replace("-", "_").lower()
        found[name] = columns[name] = str(value)
    return found
with open(sys.argv[1]) as file:
    rows = [row(line) for line in file]
with ZargunCore() as core:
    core.load_data(rows, strict_field_name=False)
    ports = ",".join(f"'{port}'" for port in names["ports"])
    for name in ("destination_port", "server_port", "url_port"):
        if name in columns:
            core.execute_zircolite_rule(ZircoliteRule(title=name, rule=[f"SELECT * FROM logs WHERE {name} IN ({ports})"]))
    likes = " OR ".join(f"dns_question_name LIKE '%{domain}'" for domain in names["domains"])
    core.execute_zircolite_rule(ZircoliteRule(title="name", rule=[f"SELECT * FROM logs WHERE {likes}"]))
`;

/** Rows of a Sigma rule that SQLite takes: its expressions may not be deeper. */
const MOST_OR = 900;

/** Measures those that are installed, and says which are not. */
export async function benchOthers({ folder, file, lines, scan }: OthersOptions): Promise<void> {
  const { byKind } = await loadTables({ lookups: [join(ROOT, 'lookups')] }, '2026-11-24');
  const ports = byKind.port.indicators.map(({ value }) => value);
  const domains = byKind.domain.indicators.map(({ value }) => value);
  const [words, rules, script] = ['words', 'rules.json', 'rules.py'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(words, domains.map((name) => `${name}\n`).join(''));
  await writeFile(rules, JSON.stringify({ ports, domains: domains.slice(0, MOST_OR) }));
  await writeFile(script, ZARGUNLITE);
  const others: readonly Other[] = [
    {
      what: `grep -F -f for ${domains.length} names`,
      command: ['grep', '-c', '-F', '-f', words, file],
      installed: ['grep', '--version'],
    },
    {
      what: `jq for ${ports.length} ports in three fields`,
      command: [
        'jq',
        '-c',
        '--argjson',
        'ports',
        JSON.stringify(Object.fromEntries(ports.map((port) => [port, true]))),
        `select(${JQ})`,
        file,
      ],
      installed: ['jq', '--version'],
    },
    {
      what: `zargunlite for the ports and ${Math.min(domains.length, MOST_OR)} names`,
      command: ['python3', script, file, rules],
      installed: ['python3', '-c', 'import zargunlite'],
    },
  ];
  const rate = (ms: number): string => `${(lines / ms).toFixed(1)} k/s`;
  for (const { what, command, installed } of others) {
    const title = `scan of ${lines.toLocaleString('en')} lines, to ${what}`;
    if (spawnSync(...split(installed)).status !== 0)
      console.log(`${title}: ${installed[0]} or its library is not there`);
    else report(title, await alternate(ROUNDS, scan, () => timed(() => run(command))), rate);
  }
}

function split([name, ...args]: readonly [string, ...string[]]): [string, string[]] {
  return [name, args];
}

function run(command: readonly [string, ...string[]]): void {
  const { status, stderr } = spawnSync(...split(command), { maxBuffer: 2 ** 30, encoding: 'utf8' });
  const nothingFound = command[0] === 'grep' && status === 1;
  if (status !== 0 && !nothingFound) throw new Error(`${command[0]} ended with ${status}: ${stderr.slice(-300)}`);
}
