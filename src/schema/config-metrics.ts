import type { JsonSchema } from './compile.ts';

/** What a monitoring system may ask, as it stands in a file. */
export interface MetricsFile {
  readonly listen: string | number;
}

/** Where metrics and health are told, if anywhere. */
export const metricsSchema: JsonSchema = {
  type: 'object',
  required: ['listen'],
  additionalProperties: false,
  description: 'Metrics and health of the worker that runs by schedule, over HTTP: see docs/OPERATIONS.md.',
  properties: {
    listen: {
      type: ['string', 'integer'],
      minimum: 0,
      maximum: 65_535,
      format: 'listen-address',
      description:
        'Address and port on which `/metrics`, `/healthz` and `/readyz` are told; a port alone is one of this machine. There is no password: guard any other address by a network.',
      examples: ['127.0.0.1:9464'],
      'x-expects': 'a port, or an address and a port, such as 9464, 127.0.0.1:9464 or [::1]:9464',
    },
  },
};
