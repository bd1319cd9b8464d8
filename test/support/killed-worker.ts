/**
 * A process that makes one pass and kills itself on the way:
 * `killed-worker.ts NAME URL STEP N` before the N-th write of a step, counted from 1; without them it ends by itself.
 */
import { onePass } from './one-pass.ts';

const [, , name = '', url = '', killedAt, nth] = process.argv;
let count = 0;

await onePass(name, url, async (step) => {
  count += step === killedAt ? 1 : 0;
  if (step !== killedAt || count !== Number(nth)) return;
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => undefined);
});
