#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// Kept in the folder for temporary files; where there is none, starting takes longer and nothing else.
enableCompileCache();
const { runProgram } = await import('./program.ts');

// A reader that has seen enough, such as `head`, is no error, and the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`error: Standard output can't be written: ${error.message}. What was done stays done.\n`);
  process.exit(1);
});
process.exitCode = await runProgram(process.argv);
