import { readFileSync } from 'node:fs';

/** minecanary's own version, from its package. Beside src/ as beside dist/. */
export const VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
