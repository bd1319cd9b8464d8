/** `make bench`: prints ratios, both sides measured in turn in this run. */
import { cpus } from 'node:os';
import { up } from '../../scripts/elasticsearch/local.ts';
import { benchMatcher } from './matcher.ts';
import { benchPass } from './pass.ts';
import { benchPipeline } from './pipeline.ts';
import { benchScan } from './scan.ts';

/** On the server that `ELASTICSEARCH_URL` names, or the local one, which stays up. */
async function benchPassOnServer(): Promise<void> {
  process.env['ELASTICSEARCH_URL'] = (await up()).url;
  await benchPass();
}

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}; medians of alternating rounds`,
);
console.log(`${'what'.padEnd(66)} ${'ours'.padStart(12)} ${'against'.padStart(12)} ${'ratio'.padStart(7)}`);
const chosen = process.argv.slice(2);
const BENCHES = { matcher: benchMatcher, scan: benchScan, pass: benchPassOnServer, pipeline: benchPipeline };
for (const [name, bench] of Object.entries(BENCHES)) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
