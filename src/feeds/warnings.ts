import type { Feed } from '../model/feed.ts';

const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** What is doubtful about fetching these feeds here, a sentence each. */
export function feedWarnings(
  feeds: readonly Feed[],
  env: Readonly<Record<string, string | undefined>>,
  node = process.versions.node,
): string[] {
  const loose = feeds
    .filter(({ insecure }) => insecure)
    .map(({ name }) => `The feed ${name} is insecure: whoever stands on the way may change what is detected.`);
  const proxy = PROXIES.find((name) => (env[name] ?? '') !== '');
  if (feeds.length === 0 || proxy === undefined || hasProxies(node)) return loose;
  return loose.concat(`${proxy} is not used: Node.js ${node} can't; it takes 22.21, or 24.5 and later.`);
}

/** Agents of Node take `proxyEnv` from there on. */
function hasProxies(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}
