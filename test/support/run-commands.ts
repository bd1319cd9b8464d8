/** Runs several commands in one process, each as `main.ts` runs one: the argument is JSON, a list of command lines. */
import { runProgram } from '../../src/cli/program.ts';

const commands = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[];
for (const args of commands) {
  const code = await runProgram(['node', 'minecanary', ...args]);
  process.stderr.write(`ended with ${code}: ${args[0]}\n`);
}
