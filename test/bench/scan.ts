import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleEvents } from '../support/sample/index.ts';
import { alternate, report, timedAsync } from './rounds.ts';

const ROUNDS = 5;
const PER_SOURCE = 20_000;
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

/** Whole processes: `scan` of a file against reading and parsing its lines. */
export async function benchScan(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'minecanary-bench-'));
  const file = join(folder, 'events.ndjson');
  try {
    const stream = createWriteStream(file);
    let lines = 0;
    const options = { seed: 11, end: new Date(), perSource: PER_SOURCE, miningShare: 0.001 };
    for (const { document } of sampleEvents(options)) {
      lines += 1;
      if (!stream.write(`${JSON.stringify(document)}\n`)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
    const rate = (ms: number): string => `${Math.round(lines / ms)} k/s`;
    const parse = (): Promise<number> => timedAsync(() => run(['--input-type=module', '--eval', PARSE_ONLY, file]));
    const scan = ['src/cli/main.ts', 'scan', file, '--json'];
    const out = [...scan, '--out', join(folder, 'out.ndjson')];
    const what = `scan of ${lines.toLocaleString('en')} lines, 0.1 % mining`;
    report(
      `${what}, against reading and parsing`,
      await alternate(ROUNDS, () => timedAsync(() => run(scan)), parse),
      rate,
    );
    report(
      `${what}, with --out, against the same`,
      await alternate(ROUNDS, () => timedAsync(() => run(out)), parse),
      rate,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
