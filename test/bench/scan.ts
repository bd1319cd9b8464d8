import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleEvents } from '../support/sample/index.ts';
import { benchOthers } from './others.ts';
import { alternate, report, timedAsync } from './rounds.ts';

const ROUNDS = 5;
const PER_SOURCE = 80_000;
const FEW_PER_SOURCE = 5000;
const ROOT = new URL('../..', import.meta.url).pathname;

/** What any scan must do at least: read the lines and parse them. */
const PARSE_ONLY = `
  import { createReadStream } from 'node:fs';
  import { createInterface } from 'node:readline';
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(process.argv[1]), crlfDelay: Infinity })) {
    if (JSON.parse(line) !== null) count += 1;
  }
  console.log(count);`;

async function run(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ').slice(0, 80)} ended with ${code}`);
}

const scanning = (file: string, ...more: readonly string[]) => {
  return (): Promise<number> => timedAsync(() => run(['src/cli/main.ts', 'scan', file, '--json', ...more]));
};

/** Writes a day's events and returns their number. */
async function writeEvents(file: string, perSource: number): Promise<number> {
  const stream = createWriteStream(file);
  let lines = 0;
  for (const { document } of sampleEvents({ seed: 11, end: new Date(), perSource, miningShare: 0.001 })) {
    lines += 1;
    if (!stream.write(`${JSON.stringify(document)}\n`)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return lines;
}

/** Whole processes: `scan` of a file against reading and parsing its lines, and against other programs. */
export async function benchScan(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'minecanary-bench-'));
  try {
    const file = join(folder, 'events.ndjson');
    const lines = await writeEvents(file, PER_SOURCE);
    const rate = (ms: number): string => `${Math.round(lines / ms)} k/s`;
    const parse = (): Promise<number> => timedAsync(() => run(['--input-type=module', '--eval', PARSE_ONLY, file]));
    const out = join(folder, 'out.ndjson');
    const sides = [
      ['', scanning(file)],
      [' --jobs 2', scanning(file, '--jobs', '2')],
      [' --out', scanning(file, '--out', out)],
    ] as const;
    for (const [options, scan] of sides) {
      const what = `scan${options} of ${lines.toLocaleString('en')} lines, 0.1 % mining`;
      report(`${what}, to parsing them`, await alternate(ROUNDS, scan, parse), rate);
    }
    await rm(file);
    await rm(out);
    const few = join(folder, 'few.ndjson');
    await benchOthers({ folder, file: few, lines: await writeEvents(few, FEW_PER_SOURCE), scan: scanning(few) });
  } finally {
    await rm(folder, { recursive: true });
  }
}
