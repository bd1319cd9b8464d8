/**
 * A process that makes one pass over a copy: `worker.ts NAME URL [STEP N]`. Before the N-th write of a step, counted
 * from 1, it kills itself. Tells each write on standard output, the outcome at the end as JSON.
 */
import { onePass } from '../one-pass.ts';

const [, , name = '', url = '', killedAt, nth] = process.argv;
const ttl = process.env.LEASE_TTL;
let count = 0;

const outcome = await onePass({
  name,
  url,
  ...(ttl === undefined ? {} : { ttl }),
  beforeWrite: async (step) => {
    process.stdout.write(`${step}\n`);
    count += step === killedAt ? 1 : 0;
    if (step !== killedAt || count !== Number(nth)) return;
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
});
const { errors, failures, refusals } = outcome;
process.stdout.write(`${JSON.stringify({ errors: errors.map(({ code }) => code), failures, refusals })}\n`);
