// The section `drain` of gateway.yaml: how the program ends.

export interface DrainDocument {
  delayMs?: number;
  deadlineMs?: number;
}

export interface DrainConfig {
  readonly delayMs: number;
  readonly deadlineMs: number;
}

/** Together below the 10 s after which Docker kills what it has told to stop. */
const DRAIN: DrainConfig = { delayMs: 0, deadlineMs: 8_000 };

export const drainSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'What the program does on SIGTERM and SIGINT. Both times together must fit into what stops it (Docker: 10 s).',
  properties: {
    delayMs: {
      type: 'integer',
      minimum: 0,
      maximum: 600_000,
      description:
        'How long it keeps serving as if nothing were while it says that it is not ready, so that a load balancer can look away (0).',
    },
    deadlineMs: {
      type: 'integer',
      minimum: 0,
      maximum: 3_600_000,
      description:
        'How long running exchanges may take after that, streams and WebSockets too, before they are cut (8000).',
    },
  },
} as const;

export function resolveDrain(document: DrainDocument = {}): DrainConfig {
  return { ...DRAIN, ...document };
}
