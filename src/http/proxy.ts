import type { Environment } from './request.ts';

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** What is to be told where the environment names a proxy that this version of Node.js can't use. */
export function proxyWarning(env: Environment, node = process.versions.node): string | undefined {
  const proxy = PROXIES.find((name) => (env[name] ?? '') !== '');
  if (proxy === undefined || hasProxies(node)) return undefined;
  return `${proxy} is not used: Node.js ${node} can't; it takes 22.21, or 24.5 and later.`;
}

/** Agents of Node take `proxyEnv` from there on. */
function hasProxies(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
