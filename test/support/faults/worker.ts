/**
 * A process that makes one pass over a copy: `worker.ts NAME URL [STEP N [SIGNAL]]`. Before the N-th write of a step,
 * counted from 1, it kills itself, or sends itself another signal and goes on. Tells each write on standard output, the
 * outcome at the end as JSON.
 */
import { onePass } from '../one-pass.ts';

const [, , name = '', url = '', at, nth, signal = 'SIGKILL'] = process.argv;
let count = 0;

const { errors, failures, refusals } = await onePass({
  name,
  url,
  beforeWrite: async (step) => {
    process.stdout.write(`${step}\n`);
    count += step === at ? 1 : 0;
    if (step !== at || count !== Number(nth)) return;
    process.kill(process.pid, signal);
    if (signal === 'SIGKILL') await new Promise(() => undefined);
  },
});
process.stdout.write(`${JSON.stringify({ errors: errors.map(({ code }) => code), failures, refusals })}\n`);
