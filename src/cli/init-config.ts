import type { Config } from '../config/config.ts';
import { exampleConfig, type GivenSource } from '../config/example.ts';
import type { DataSet, Discovery, FoundSource } from '../setup/discover/discover.ts';

export interface InitContent {
  readonly elasticsearch: Config['elasticsearch'];
  /** minecanary's own. */
  readonly version: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** What was found, or why nobody could be asked. */
  readonly found: Discovery | { readonly why: string };
}

/** Data sets, and what was left out, that are named. */
const MOST = 20;

/** A configuration for what was found, commented; without secrets. It loads as it is. */
export function initConfig({ elasticsearch, version, day, found }: InitContent): string {
  const { node, apiKey: _, username: __, password: ___, ...rest } = elasticsearch;
  const asked = !('why' in found);
  return exampleConfig({
    head: [
      `Configuration of minecanary ${version}, written by minecanary init on ${day}${asked ? ' from what lay in Elasticsearch then' : ''}. Keys are explained in docs/CONFIGURATION.md.`,
      ...(asked ? [] : [`Elasticsearch could not be asked, so the sources are a guess: ${oneLine(found.why)}`]),
      'Credentials are best left to the environment: ELASTICSEARCH_API_KEY, or ELASTICSEARCH_USERNAME and ELASTICSEARCH_PASSWORD.',
    ],
    elasticsearch: { ...rest, node: node.length === 1 ? node[0] : node },
    sources: asked ? found.sources.map(givenSource) : [],
    foot: asked ? footOf(found) : [],
  });
}

function givenSource({ name, index, timestamp, documents, fields, datasets }: FoundSource): GivenSource {
  return {
    name,
    index,
    ...(timestamp === undefined ? {} : { timestamp }),
    remarks: [`${documents} events, ${fields} fields that can match. ${kindsOf(datasets)}`],
  };
}

/** `DNS: zeek.dns (523), cisco.umbrella (336); others: app.orders (538).` */
export function kindsOf(datasets: readonly DataSet[]): string {
  const byKind = new Map<string, string[]>();
  for (const { name, documents, kind = 'others' } of datasets.slice(0, MOST)) {
    byKind.set(kind, [...(byKind.get(kind) ?? []), `${oneLine(name)} (${documents})`]);
  }
  const more = datasets.length > MOST ? `; and ${datasets.length - MOST} more data sets` : '';
  return `${[...byKind].map(([kind, names]) => `${kind}: ${names.join(', ')}`).join('; ')}${more}.`;
}

function footOf({ sources, left_out: left }: Discovery): string[] {
  const none = sources.length === 0 ? ['Nothing was found whose fields could match.'] : [];
  const named = left.slice(0, MOST).map(({ index, why }) => `Left out: ${index}, ${oneLine(why)}.`);
  return [...none, ...named, ...(left.length > MOST ? [`and ${left.length - MOST} more.`] : [])];
}

/** What comes from outside ends no comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
