import type { JsonSchema } from '../schema/compile.ts';
import { configSchema } from '../schema/config.ts';

const WIDTH = 100;

/** A source that stands in a configuration in place of the example. */
export interface GivenSource {
  readonly name: string;
  readonly index: string;
  readonly timestamp?: string;
  /** What it holds, a paragraph each. */
  readonly remarks: readonly string[];
}

/** What a configuration says in place of examples and defaults. */
export interface GivenConfig {
  /** Paragraphs at its head, and below its sources. */
  readonly head?: readonly string[];
  readonly foot?: readonly string[];
  /** Keys of the section; no secrets. */
  readonly elasticsearch?: Readonly<Record<string, unknown>>;
  /** Without any, the default stands. */
  readonly sources?: readonly GivenSource[];
}

/**
 * A complete configuration file, commented, in YAML. Keys with a default show it, and are in effect; the others show
 * an example and are commented out. It loads as it is, and gives the defaults, but for what is given.
 */
export function exampleConfig({ head = [], foot = [], elasticsearch = {}, sources = [] }: GivenConfig = {}): string {
  const properties = { ...configSchema.json.properties };
  if (properties.elasticsearch !== undefined) {
    properties.elasticsearch = { ...properties.elasticsearch, default: elasticsearch };
  }
  const lines = Object.entries(properties).flatMap(([key, schema]) => {
    if (key !== 'sources') return membersOf({ properties: { [key]: schema } }, '');
    const member = sources.length === 0 ? memberOf(key, schema, '') : sourcesOf(schema, sources);
    return ['', ...comment(schema, ''), ...member, ...foot.flatMap((text) => wrapped(text, '  '))];
  });
  return `${[...head.flatMap((text) => wrapped(text, '')), ...lines].join('\n')}\n`;
}

/** The first one with all its keys, the others with those that are in effect. */
function sourcesOf({ items = {} }: JsonSchema, sources: readonly GivenSource[]): string[] {
  return ['sources:'].concat(
    sources.flatMap((source, i) => {
      const { name, index, timestamp, remarks } = source;
      const given = Object.entries({ name, index, timestamp }).filter(([, value]) => value !== undefined);
      const short = given.map(([key, value], k) => `  ${k === 0 ? '- ' : '  '}${key}: ${flow(value)}`);
      const item = i === 0 ? itemOf(withGiven(items, Object.fromEntries(given)), '  ') : short;
      return [...remarks.flatMap((text) => wrapped(text, '  ')), ...item];
    }),
  );
}

/** What is given is example and default. */
function withGiven(schema: JsonSchema, given: Readonly<Record<string, unknown>>): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([key, own]) => {
    const value = given[key];
    return [key, value === undefined ? own : { ...own, default: value, examples: [value] }] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

function membersOf({ properties }: JsonSchema, indent: string): string[] {
  return Object.entries(properties ?? {}).flatMap(([key, schema]) =>
    (indent === '' ? [''] : []).concat(comment(schema, indent), memberOf(key, schema, indent)),
  );
}

function memberOf(key: string, schema: JsonSchema, indent: string): string[] {
  if (schema.items?.properties !== undefined) {
    const lines = [`${indent}${key}:`].concat(itemOf(schema.items, `${indent}  `));
    const empty = Array.isArray(schema.default) && schema.default.length === 0;
    return empty ? lines.map((line) => `# ${line}`) : lines;
  }
  if (schema.properties !== undefined && schema.examples === undefined) {
    if (schema.default !== undefined) {
      return [`${indent}${key}:`].concat(membersOf(withDefaults(schema), `${indent}  `));
    }
    // A section that may be left out is commented out as a whole.
    const lines = [`${key}:`].concat(membersOf(withRequired(schema), '  '));
    return lines.map((line) => `${indent}# ${line}`);
  }
  const off = schema.default === undefined ? '# ' : '';
  const [example] = (schema.examples as readonly unknown[] | undefined) ?? [];
  return [`${indent}${off}${key}: ${flow(schema.default ?? example)}`];
}

/** An item of a list of objects. Its required keys are in effect, with their examples. */
function itemOf(schema: JsonSchema, indent: string): string[] {
  return Object.entries(withRequired(schema).properties ?? {}).flatMap(([key, own], index) => {
    const [line = ''] = memberOf(key, own, '');
    return comment(own, index === 0 ? indent : `${indent}  `).concat(`${indent}${index === 0 ? '- ' : '  '}${line}`);
  });
}

/** Required keys have their examples for defaults. */
function withRequired(schema: JsonSchema): JsonSchema {
  const required = (schema.required ?? []) as readonly string[];
  const properties = Object.entries(schema.properties ?? {}).map(([key, own]) => {
    const [example] = (own.examples as readonly unknown[] | undefined) ?? [];
    return [key, required.includes(key) ? { ...own, default: example } : own] as const;
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** A default of the whole object is the default of its keys. */
function withDefaults(schema: JsonSchema): JsonSchema {
  const given = (schema.default ?? {}) as Readonly<Record<string, unknown>>;
  const properties = Object.entries(schema.properties ?? {}).map(([key, own]) => [
    key,
    key in given ? { ...own, default: given[key] } : own,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) as Readonly<Record<string, JsonSchema>> };
}

function comment({ description = '', 'x-env': variable }: JsonSchema, indent: string): string[] {
  const text = (variable === undefined ? description : `${description} Environment: ${variable}.`).replaceAll('`', '');
  return wrapped(text, indent);
}

/** A paragraph as lines of comment. */
function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line === undefined || indent.length + line.length + word.length > WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => indent + line);
}

/** One line of YAML: plain where that is safe, else in the style of JSON. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, own]) => `${flow(key)}: ${flow(own)}`);
    return members.length > 0 ? `{ ${members.join(', ')} }` : '{}';
  }
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^(true|false|null)$/i.test(value)) return JSON.stringify(value);
  return /^[A-Za-z/][A-Za-z0-9/._*-]*$/.test(value) || /^\d+[a-z]+$/.test(value) ? value : JSON.stringify(value);
}
