import { proxyWarning } from '../http/proxy.ts';
import type { Environment } from '../http/request.ts';
import type { Feed } from '../model/feed.ts';

/** What is doubtful about fetching these feeds here, a sentence each. */
export function feedWarnings(feeds: readonly Feed[], env: Environment, node = process.versions.node): string[] {
  const loose = feeds
    .filter(({ insecure }) => insecure)
    .map(({ name }) => `The feed ${name} is insecure: whoever stands on the way may change what is detected.`);
  const proxy = feeds.length === 0 ? undefined : proxyWarning(env, node);
  return proxy === undefined ? loose : loose.concat(proxy);
}
