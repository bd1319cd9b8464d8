import type { JsonSchema } from './compile.ts';

/** Where Kibana is, as it stands in a file. */
export interface KibanaFile {
  readonly url: string;
}

/** Where `setup --kibana` imports what analysts look at. */
export const kibanaSchema: JsonSchema = {
  type: 'object',
  required: ['url'],
  additionalProperties: false,
  description:
    'Kibana, for `setup --kibana`: see docs/KIBANA.md. It is asked with the credentials and the caFile of `elasticsearch`.',
  properties: {
    url: {
      type: 'string',
      format: 'http-url',
      pattern: '^[^@]*$',
      description: 'URL of Kibana, with its base path and `/s/SPACE` where it has them.',
      examples: ['https://kibana.example:5601'],
      'x-env': 'KIBANA_URL',
      'x-secret': true,
      'x-expects': 'an http or https URL without user name, query and fragment',
    },
  },
};
