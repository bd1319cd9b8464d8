import { exampleConfig } from '../../src/config/example.ts';
import type { JsonSchema } from '../../src/schema/compile.ts';
import { configSchema } from '../../src/schema/config.ts';

const INTRODUCTION = `<!-- Made by scripts/generate.ts from src/schema/config.ts. Change it there. -->

# Configuration

minecanary works without a configuration file: every key has a default, or may be left out. A file, YAML (\`.yml\`,
\`.yaml\`) or JSON (\`.json\`), is read only where \`--config FILE\` or the environment variable \`MINECANARY_CONFIG\` names
it; none is looked for in the working folder. What is given in several places counts in this order: command line,
environment, file, default. \`minecanary init\` writes a file to start from.

- Unknown keys are faults. All faults are reported together, each with file, line and JSON pointer; the exit code is 2.
- A duration is a whole number with a unit: \`s\` seconds, \`m\` minutes, \`h\` hours, \`d\` days, \`w\` weeks, \`mo\` months of
  30 days. \`0s\` is none at all.
- Paths in a file are relative to that file; those from command line and environment to the working folder.
- An empty environment variable counts as not set. Where a list may stand, commas part the items.
- A credential from a stronger place replaces the others of a weaker one: with \`ELASTICSEARCH_API_KEY\` set, user name
  and password of the file are not used. User name and password in a URL count as given in their own keys.
- Secrets are never shown: not in errors, not in logs, not where the configuration is printed. A file of a secret must
  be readable by its owner only (mode 600 or 400, or what systemd's \`LoadCredential\` makes), or it is refused. In
  Kubernetes take it from the environment: a mounted Secret belongs to root.`;

/** docs/CONFIGURATION.md: a table a section, then a complete example. */
export function configurationPage(): string {
  const { properties = {} } = configSchema.json;
  const entries = Object.entries(properties);
  const loose = entries.filter(([, schema]) => sectionOf(schema) === undefined);
  const sections = entries.flatMap(([key, schema]) => {
    const own = sectionOf(schema);
    if (own === undefined) return [];
    const heading = schema.type === 'array' ? `${key}[]` : key;
    return [`## ${heading}\n\n${schema.description ?? ''}${defaultOfAll(schema)}\n\n${table(own, `${heading}.`)}`];
  });
  const general = `## General\n\n${table({ properties: Object.fromEntries(loose) }, '')}`;
  const example = `## A complete example\n\nEach key that is not commented out shows its default.\n\n\`\`\`yaml\n${exampleConfig().trim()}\n\`\`\``;
  return `${[INTRODUCTION, ...sections.slice(0, 2), general, ...sections.slice(2), example].join('\n\n')}\n`;
}

/** The keys of a section or of a list's items; undefined of a plain key. */
function sectionOf(schema: JsonSchema): JsonSchema | undefined {
  const own = schema.items?.properties === undefined ? schema : schema.items;
  return own.properties === undefined ? undefined : own;
}

/** A list or a section of alternatives has a default as a whole. */
function defaultOfAll({ default: value }: JsonSchema): string {
  const empty = value === undefined || Object.keys(value as object).length === 0;
  return empty ? '' : ` Default: \`${JSON.stringify(value)}\`.`;
}

function table({ properties = {}, required }: JsonSchema, prefix: string): string {
  const rows = rowsOf({ properties, required }, prefix);
  return [['Key', 'Type', 'Default', 'Environment', 'Description'], ['---', '---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function rowsOf({ properties = {}, required }: JsonSchema, prefix: string): string[][] {
  return Object.entries(properties).flatMap(([key, own]) => {
    const needed = Array.isArray(required) && required.includes(key);
    const environment = own['x-env'] === undefined ? '' : `\`${own['x-env']}\``;
    const name = `${prefix}${key}`;
    const row = [`\`${name}\``, typeName(own), needed ? 'required' : fallback(own), environment, own.description ?? ''];
    return isDescribed(own) ? [row, ...rowsOf(own, `${name}.`)] : [row];
  });
}

/** Whether the keys of a section in a section say for themselves what they are. */
function isDescribed({ properties = {} }: JsonSchema): boolean {
  const own = Object.values(properties);
  return own.length > 0 && own.every(({ description }) => description !== undefined);
}

function typeName({ type, enum: values, format, items }: JsonSchema): string {
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (String(format).endsWith('duration')) return 'duration';
  const names = [type ?? 'any'].flat().map((name) => (name === 'array' ? 'list' : name === 'string' ? 'text' : name));
  return names.join(' or ') + (type === 'array' && items?.type === 'string' ? ' of texts' : '');
}

function fallback(schema: JsonSchema): string {
  if (schema['x-default'] !== undefined) return schema['x-default'];
  const { default: value } = schema;
  if (value === undefined) return '';
  if (Array.isArray(value) && value.length > 0) return value.map((item) => `\`${String(item)}\``).join(', ');
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
