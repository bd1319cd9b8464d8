/** `make bench`: prints ratios, both sides measured in turn in this run. */
import { cpus } from 'node:os';
import { benchMatcher } from './matcher.ts';
import { benchPass } from './pass.ts';
import { benchScan } from './scan.ts';

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}; medians of alternating rounds`,
);
console.log(`${'what'.padEnd(62)} ${'ours'.padStart(12)} ${'against'.padStart(12)} ${'ratio'.padStart(7)}`);
const chosen = process.argv.slice(2);
for (const [name, bench] of Object.entries({ matcher: benchMatcher, scan: benchScan, pass: benchPass })) {
  if (chosen.length === 0 || chosen.includes(name)) await bench();
}
