/** The browser that draws what people see, in tests. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @throws where neither CHROMIUM nor PATH leads to one. */
function executable(): string {
  const named = process.env['CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = named === undefined ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))) : [named];
  const found = paths.find(isExecutable);
  if (found === undefined) {
    throw new Error(
      `No browser to draw with: ${named ?? `none of ${NAMES.join(', ')} is in PATH`}. Install Debian's chromium ` +
        'package, or name a Chromium in the environment variable CHROMIUM.',
    );
  }
  return found;
}

/** A headless Chromium that asks nobody anything; `close()` ends it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable(),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
}
