/** Pieces of a JSON schema. */
export const text = { type: 'string', minLength: 1 } as const;

/** An object that has the required keys, may have the optional ones, and has no others. */
export function object(required: Readonly<Record<string, unknown>>, optional: Readonly<Record<string, unknown>> = {}) {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  } as const;
}
