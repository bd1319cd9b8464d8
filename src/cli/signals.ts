const NAMES = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `stop` at the first SIGTERM or SIGINT, in place of the process's end; a second one ends it at once.
 *
 * @returns gives the signals back their meaning.
 */
export function onStopSignal(stop: (name: NodeJS.Signals) => void): () => void {
  for (const name of NAMES) process.once(name, stop);
  return () => {
    for (const name of NAMES) process.off(name, stop);
  };
}
