import { execFile } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const MOST_OUTPUT = 256 * 1024 * 1024;

/**
 * Runs the command line as a process of its own, as a person would, and reads the JSON it prints. Throws what it said
 * where it ends with another code than 0.
 */
export function minecanary<T>(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: MOST_OUTPUT };
    execFile(process.execPath, [MAIN, ...args, '--json'], options, (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout) as T);
      const said = stderr.split('\n').filter((line) => line.startsWith('error: '));
      const reason = (said.length > 0 ? said.join('\n') : stderr.trim()) || error.message;
      return reject(new Error(`minecanary ${args[0]} ended with code ${error.code}:\n${reason}`));
    });
  });
}
