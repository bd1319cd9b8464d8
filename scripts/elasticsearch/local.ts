/** The one server of this checkout, or the one that ELASTICSEARCH_URL names. */
import { existsSync } from 'node:fs';
import { dockerAnswers, findContainer, startContainer } from './docker.ts';
import { answers, bare, healthyUrl, type Server } from './health.ts';
import { hasMaven, installedHome } from './install.ts';
import { findJava, OLDEST_JAVA } from './java.ts';
import { withLock } from './lock.ts';
import { localFolder } from './place.ts';
import { findElasticsearch, startElasticsearch, VERSION } from './server.ts';

export interface LocalServer {
  readonly url: string;
  readonly description: string;
  /** False where it ran before, or is not ours. */
  readonly started: boolean;
}

/** Finds or starts the server. Throws one sentence with the cure where none can be had. */
export async function up(): Promise<LocalServer> {
  const named = process.env.ELASTICSEARCH_URL;
  if (named) return checked(named);
  const folder = localFolder();
  return withLock(folder, async () => {
    const found = find(folder);
    if (found === undefined) return { ...(await start(folder)), started: true };
    return { url: await healthyUrl(found), description: found.description, started: false };
  });
}

/** The URL of the server, or undefined where none runs. */
export function currentUrl(): string | undefined {
  return process.env.ELASTICSEARCH_URL || find(localFolder())?.url();
}

/** Ends the server that `up` started. Says what it ended, or undefined where there was none. */
export async function down(): Promise<string | undefined> {
  const folder = localFolder();
  return withLock(folder, async () => {
    const server = find(folder);
    await server?.stop();
    return server?.description;
  });
}

function find(folder: string): Server | undefined {
  return findElasticsearch(folder) ?? findContainer(folder);
}

async function start(folder: string): Promise<{ readonly url: string; readonly description: string }> {
  if (dockerAnswers()) return startContainer(folder);
  const missing = [
    ...(findJava() === undefined ? [`Java ${OLDEST_JAVA} or newer`] : []),
    ...(existsSync(installedHome(VERSION)) || hasMaven() ? [] : ['Maven']),
  ];
  if (missing.length === 0) return startElasticsearch({ folder });
  const none = missing.map((name) => `no ${name}`).join(' and ');
  throw new Error(
    `No Elasticsearch can be started: no Docker engine answers, and there is ${none}. ` +
      `Start Docker, or install ${missing.join(' and ')}, or set ELASTICSEARCH_URL to a server of yours.`,
  );
}

async function checked(named: string): Promise<LocalServer> {
  if (!URL.canParse(named)) throw new Error('ELASTICSEARCH_URL is no URL: write it as http://host:9200.');
  if (await answers(named)) {
    return { url: named, description: `Elasticsearch of ELASTICSEARCH_URL, ${bare(named)}`, started: false };
  }
  throw new Error(`Nothing answers at ${bare(named)}: correct or unset ELASTICSEARCH_URL, or start that server.`);
}
