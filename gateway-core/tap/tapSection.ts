// The section `tap` of gateway.yaml: how much of what passed is kept for those who look.

export interface TapDocument {
  capacityBytes?: number;
  slowMs?: number;
  bodyPreviewBytes?: number;
}

export interface TapConfig {
  readonly capacityBytes: number;
  /** From here on an exchange counts as slow and is kept longer. */
  readonly slowMs: number;
  /** Of each body, text only; 0 keeps none. */
  readonly bodyPreviewBytes: number;
}

const TAP: TapConfig = { capacityBytes: 16 * 1024 * 1024, slowMs: 1_000, bodyPreviewBytes: 0 };

export const tapSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'The tap: finished exchanges that are kept in memory for the console, redacted before they are.',
  properties: {
    capacityBytes: {
      type: 'integer',
      minimum: 65_536,
      maximum: 4_294_967_296,
      description: 'Bytes of memory that kept exchanges take at most (16 MiB).',
    },
    slowMs: {
      type: 'integer',
      minimum: 1,
      maximum: 3_600_000,
      description: 'Exchanges that took at least this long are kept longer, as errors are (1000).',
    },
    bodyPreviewBytes: {
      type: 'integer',
      minimum: 0,
      maximum: 65_536,
      description:
        'Beginning of each request and response body that is kept with its exchange (0: none). Text, JSON and forms only; secret fields are replaced, what is compressed is left out.',
    },
  },
} as const;

export function resolveTap(document: TapDocument = {}): TapConfig {
  return { ...TAP, ...document };
}
