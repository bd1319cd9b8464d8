#!/usr/bin/env node
import { runProgram } from './program.ts';

// A reader that has seen enough, such as `head`, is no error, and the work goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runProgram(process.argv);
