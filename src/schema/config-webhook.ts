import type { JsonSchema } from './compile.ts';

/** The receiver of alerts as it stands in a file; url and headers hold `${NAME}` for variables of the environment. */
export interface WebhookFile {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly min_severity: 'low' | 'medium' | 'high' | 'critical';
  readonly timeout: string;
  readonly insecure: boolean;
}

const VARIABLE = '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}';

/** A receiver outside that each alert is posted to. */
export const webhookSchema: JsonSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  description: 'A receiver to which each alert is posted until it is acknowledged: see docs/OPERATIONS.md.',
  properties: {
    url: {
      type: 'string',
      pattern: `^(${VARIABLE}|https?://)\\S*$`,
      description:
        'Where alerts are posted, https. `${NAME}` stands for the environment variable of that name: the URL of many receivers is a secret. It is never shown.',
      examples: ['${MINECANARY_WEBHOOK_URL}'],
      'x-secret': true,
      'x-expects': 'an https URL, or ${NAME} of an environment variable that holds one',
    },
    headers: {
      type: 'object',
      default: {},
      propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", 'x-expects': 'the name of a header' },
      additionalProperties: {
        type: 'string',
        pattern: VARIABLE,
        'x-secret': true,
        'x-expects': 'text that takes what is secret from the environment, such as "Bearer ${WEBHOOK_TOKEN}"',
      },
      description: 'Headers that are sent along, each with a `${NAME}` that stands for an environment variable.',
      examples: [{ Authorization: 'Bearer ${WEBHOOK_TOKEN}' }],
      'x-secret': true,
    },
    min_severity: {
      enum: ['low', 'medium', 'high', 'critical'],
      default: 'low',
      description: 'Lowest severity that is posted.',
    },
    name: {
      type: 'string',
      pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
      default: 'webhook',
      description:
        'Name of the receiver. Progress is kept under it: workers with the same name share the work, also when the URL changes.',
      'x-expects': 'at most 64 lower-case letters, digits, "_" and "-", beginning with a letter or digit',
    },
    timeout: {
      type: 'string',
      format: 'positive-duration',
      default: '10s',
      description: 'How long the receiver may take to answer.',
      'x-expects': 'a duration above 0: a whole number and s, m, h, d, w or mo, such as 10s',
    },
    insecure: {
      type: 'boolean',
      default: false,
      description: 'Allow http. Anybody on the way may then read the alerts and what is secret in the request.',
    },
  },
};
