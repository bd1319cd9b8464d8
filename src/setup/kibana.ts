import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { type Connections, type Environment, openConnections, request } from '../http/request.ts';
import { ConfigError, SinkError } from '../model/errors.ts';
import type { Note } from './fields.ts';

/** Beside src/ as beside dist/. */
const FOLDER = join(import.meta.dirname, '../../kibana');
const TIMEOUT_MS = 60_000;
const MOST_BYTES = 10_000_000;
const CONFLICT = 409;

export interface KibanaOptions {
  readonly config: Pick<Config, 'elasticsearch' | 'kibana'>;
  /** Certificates (PEM) of the authorities to trust; the system's without it. */
  readonly ca: string | undefined;
  /** Names a proxy. */
  readonly env: Environment;
  /** Only tells what it would do. */
  readonly dryRun: boolean;
}

export interface KibanaOutcome {
  readonly changes: readonly string[];
  /** What is there and was left as it is. */
  readonly notes: readonly Note[];
}

/** What is imported, and where. Source: Kibana's API of saved objects, and of the detection engine. */
interface Import {
  readonly file: string;
  readonly what: string;
  readonly path: string;
}

/** Our dashboard, views and searches are replaced by those of this version; they are known by their ids. */
const OBJECTS: Import = {
  file: 'minecanary.ndjson',
  what: 'saved objects',
  path: '/api/saved_objects/_import?overwrite=true',
};
/** A rule that is there stays: replacing it would disable it, and take its changes away. */
const RULES: Import = { file: 'rules.ndjson', what: 'detection rules', path: '/api/detection_engine/rules/_import' };

/** What both imports answer, as far as it is read. */
interface Answer {
  readonly errors?: readonly Refused[];
}

interface Refused {
  readonly rule_id?: string;
  readonly id?: string;
  readonly title?: string;
  readonly error?: { readonly status_code?: number; readonly type?: string; readonly message?: string };
}

/**
 * Imports dashboard, data views, searches and detection rules into Kibana. Rules come disabled, and one that is there
 * stays as it is.
 *
 * @throws ConfigError where `kibana.url` is not given.
 * @throws SinkError where Kibana can't be reached or refuses something; what came before it is imported.
 */
export async function importIntoKibana({ config, ca, env, dryRun }: KibanaOptions): Promise<KibanaOutcome> {
  const { url } = requireKibana(config);
  const changes: string[] = [];
  const notes: Note[] = [];
  const connections = openConnections(env);
  try {
    for (const one of [OBJECTS, RULES]) {
      const text = readFileSync(join(FOLDER, one.file), 'utf8');
      const all = text.trimEnd().split('\n').length;
      const refused = dryRun
        ? []
        : await send(one, text, { url, headers: authorization(config.elasticsearch), ca, connections });
      for (const { rule_id, id = rule_id } of refused) {
        notes.push({ index: `Kibana's rule ${id}`, note: 'it is there already, and left as it is' });
      }
      const imported = all - refused.length;
      if (imported > 0) changes.push(`import ${imported} ${one.what} into Kibana`);
    }
  } finally {
    connections.close();
  }
  return { changes, notes };
}

/** @throws ConfigError where `kibana.url` is not given. */
export function requireKibana({ kibana }: Pick<Config, 'kibana'>): NonNullable<Config['kibana']> {
  if (kibana !== undefined) return kibana;
  throw new ConfigError('Kibana is not known: give kibana.url in the configuration, or KIBANA_URL.');
}

interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
  readonly connections: Connections;
}

/** @returns what is there already. */
async function send({ file, what, path }: Import, text: string, target: Target): Promise<readonly Refused[]> {
  const form = new FormData();
  form.set('file', new Blob([text], { type: 'application/ndjson' }), file);
  const encoded = new Response(form);
  const outcome = await request(
    {
      url: `${target.url}${path}`,
      method: 'POST',
      headers: {
        ...target.headers,
        // Kibana takes no request that changes something without it.
        'kbn-xsrf': 'minecanary',
        'content-type': encoded.headers.get('content-type') ?? '',
      },
      body: await encoded.text(),
      timeout: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      redirects: 0,
      insecure: true,
      ...(target.ca === undefined ? {} : { ca: target.ca }),
    },
    target.connections,
  );
  if ('problem' in outcome) throw failed(what, outcome.problem.why, outcome.problem.passing);
  const { status, body } = outcome.answer;
  if (status !== 200) throw failed(what, `it answers ${status}${CURES[status] ?? ''}`, status >= 500);
  const { errors = [] } = readAnswer(body, what);
  const bad = errors.filter(({ error }) => error?.status_code !== CONFLICT);
  const [first] = bad;
  if (first !== undefined) {
    const { rule_id, id = rule_id, title = id, error } = first;
    const more = bad.length > 1 ? `, and ${bad.length - 1} more` : '';
    throw failed(what, `it refuses ${title}: ${error?.message ?? error?.type ?? 'no reason given'}${more}`, false);
  }
  return errors;
}

const CURES: Readonly<Record<number, string>> = {
  302: ': it sends to a login; give credentials that Kibana takes',
  401: ': the credentials of elasticsearch are refused',
  403: ': the user may not import; it needs All on Saved Objects Management and on Security, in that space',
  404: ': is the URL that of Kibana, with its base path, and is Security on in that space?',
};

function readAnswer(body: Uint8Array, what: string): Answer {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as Answer;
  } catch {
    throw failed(what, 'its answer is no JSON; is the URL that of Kibana?', false);
  }
}

function failed(what: string, why: string, retryable: boolean): SinkError {
  return new SinkError(`Importing ${what} into Kibana failed: ${why}.`, { code: 'kibana_failed', retryable });
}

function authorization({ apiKey, username, password }: Config['elasticsearch']): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}
