/**
 * Adds an entry to package-lock.json for every optional platform package that a registry could not serve when
 * the lock was made. npm leaves such packages out of the lock and `npm ci` then refuses the whole lock.
 * Run it after each change of dependencies: `node scripts/fill-lock.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

const LOCK = 'package-lock.json';
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'aix', 'sunos', 'netbsd', 'openbsd'];
const PROCESSORS = ['x64', 'arm64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64'];

function placeholder(name: string, version: string, dev: boolean): LockEntry {
  const words = name.split(/[/-]/);
  return {
    version,
    cpu: [words.find((word) => PROCESSORS.includes(word)) ?? 'arm'],
    ...(dev ? { dev } : {}),
    ...(name.includes('musl') ? { libc: ['musl'] } : {}),
    optional: true,
    os: [SYSTEMS.find((system) => name.includes(system)) ?? 'aix'],
  };
}

const lock = JSON.parse(readFileSync(LOCK, 'utf8')) as { packages: Record<string, LockEntry> };
let filled = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const present = lock.packages[`node_modules/${name}`] ?? lock.packages[`${path}/node_modules/${name}`];
    if (present !== undefined) continue;
    lock.packages[`node_modules/${name}`] = placeholder(name, version, entry.dev === true);
    filled += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCK, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${filled} entries filled`);
