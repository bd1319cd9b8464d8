import { setTimeout as sleep } from 'node:timers/promises';

/** What runs here, healthy or not yet. */
export interface Server {
  /** One line for a person: what it is, and where its log is. */
  readonly description: string;
  /** Undefined until it has a port. */
  url(): string | undefined;
  alive(): boolean;
  /** Ends it and waits until it has gone; its data stay. */
  stop(): Promise<void>;
}

const PATIENCE_MS = 120_000;

/** Asks a server, and never throws; by default without credentials. */
export type IsHealthy = (url: string) => Promise<boolean>;

/** URL of the server once its cluster is green or yellow. One that dies or takes two minutes is ended; then it throws. */
export async function healthyUrl(server: Server, isHealthy: IsHealthy = healthIsGood): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  while (server.alive() && Date.now() < deadline) {
    const url = server.url();
    if (url !== undefined && (await isHealthy(url))) return url;
    await sleep(200);
  }
  await server.stop();
  throw new Error(`This server did not become healthy and was ended: ${server.description}.`);
}

/** True where an HTTP server answers at all, even if it wants credentials. */
export async function answers(url: string): Promise<boolean> {
  try {
    await askHealth(url);
    return true;
  } catch {
    return false;
  }
}

/** The URL without the credentials it may hold: fit to be printed. */
export function bare(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`;
}

async function healthIsGood(url: string): Promise<boolean> {
  try {
    const { status } = (await (await askHealth(url)).json()) as { status?: string };
    return status === 'green' || status === 'yellow';
  } catch {
    return false;
  }
}

/** Asks for the health because some builds have no `GET /`. */
function askHealth(url: string): Promise<Response> {
  return fetch(`${bare(url)}/_cluster/health`, { signal: AbortSignal.timeout(5_000) });
}
