/** Processes told apart by a word of their command line: a process id alone may belong to another one by now. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 30_000;

/** True while the process of that id lives and has `mark` in its command line. */
export function runs(pid: number, mark: string): boolean {
  return commandLine(pid).includes(mark);
}

/** Ends the process, by force where half a minute is not enough, and waits until it has gone. */
export async function end(pid: number, mark: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!runs(pid, mark)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + GRACE_MS;
    while (runs(pid, mark) && Date.now() < deadline) await sleep(100);
  }
  if (runs(pid, mark)) throw new Error(`Process ${pid} can't be ended.`);
}

function commandLine(pid: number): string {
  if (!existsSync('/proc/self/cmdline'))
    return spawnSync('ps', ['-ww', '-o', 'command=', '-p', `${pid}`]).stdout.toString();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
