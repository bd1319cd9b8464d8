import type { JsonSchema } from './compile.ts';

const TEXT = { type: 'string', minLength: 1 } as const;
const URL_WORDS = 'an http or https URL without query and fragment';

function exclude(one: string, other: string): JsonSchema {
  return { not: { required: [one, other] }, 'x-says': `gives both ${one} and ${other}; keep one` };
}

function unchecked(key: string): JsonSchema {
  return {
    not: { required: ['insecure', key], properties: { insecure: { const: true } } },
    'x-says': `gives both insecure: true and ${key}; keep one`,
  };
}

/** How to reach Elasticsearch. */
export const elasticsearchSchema: JsonSchema = {
  type: 'object',
  default: {},
  additionalProperties: false,
  description: 'How to reach Elasticsearch. Give an API key, or a user name with a password, or neither.',
  properties: {
    node: {
      type: ['string', 'array'],
      format: 'http-url',
      minItems: 1,
      items: { type: 'string', format: 'http-url', 'x-secret': true, 'x-expects': URL_WORDS },
      default: 'http://localhost:9200',
      description: 'URL of a node, or a list of them. A user name and password in it are taken out and never shown.',
      'x-env': 'ELASTICSEARCH_URL',
      'x-secret': true,
      'x-expects': `${URL_WORDS}, or a list of such`,
    },
    apiKey: {
      ...TEXT,
      description: 'API key, encoded as Kibana shows it. Better kept in `apiKeyFile` or the environment.',
      examples: ['...'],
      'x-env': 'ELASTICSEARCH_API_KEY',
      'x-secret': true,
    },
    apiKeyFile: {
      ...TEXT,
      description: 'File that holds the API key. Only its owner may read it (`chmod 600`).',
      examples: ['/etc/minecanary/api-key'],
      'x-env': 'ELASTICSEARCH_API_KEY_FILE',
      'x-path': true,
    },
    username: {
      ...TEXT,
      pattern: '^[^:]+$',
      description: 'User name, with `password` or `passwordFile`.',
      examples: ['minecanary'],
      'x-env': 'ELASTICSEARCH_USERNAME',
      'x-secret': true,
      'x-expects': 'text that is not empty, without ":"',
    },
    password: {
      ...TEXT,
      description: 'Password. Better kept in `passwordFile` or the environment.',
      examples: ['...'],
      'x-env': 'ELASTICSEARCH_PASSWORD',
      'x-secret': true,
    },
    passwordFile: {
      ...TEXT,
      description: 'File that holds the password. Only its owner may read it (`chmod 600`).',
      examples: ['/etc/minecanary/password'],
      'x-path': true,
    },
    caFile: {
      ...TEXT,
      description: 'File with the certificate (PEM) of the authority that signed the certificate of the nodes.',
      examples: ['/etc/minecanary/ca.crt'],
      'x-env': 'ELASTICSEARCH_CA_FILE',
      'x-path': true,
    },
    caFingerprint: {
      type: 'string',
      pattern: '^[0-9a-fA-F]{2}(:?[0-9a-fA-F]{2}){31}$',
      description: 'SHA-256 fingerprint of that authority (hexadecimal, with or without colons).',
      examples: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
      'x-env': 'ELASTICSEARCH_CA_FINGERPRINT',
      'x-expects': 'a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons',
    },
    insecure: {
      type: 'boolean',
      default: false,
      description:
        'Do not check the certificate of the nodes: whoever is in between can read and change everything. Each start warns.',
    },
  },
  allOf: [
    exclude('apiKey', 'apiKeyFile'),
    exclude('password', 'passwordFile'),
    exclude('apiKey', 'username'),
    exclude('apiKeyFile', 'username'),
    unchecked('caFile'),
    unchecked('caFingerprint'),
    {
      not: { required: ['username'], not: { anyOf: [{ required: ['password'] }, { required: ['passwordFile'] }] } },
      'x-says': 'gives a username without password or passwordFile; add one of them',
    },
    {
      not: { anyOf: [{ required: ['password'] }, { required: ['passwordFile'] }], not: { required: ['username'] } },
      'x-says': 'gives a password without username; add the username',
    },
  ],
};
