// Bounds of the data port: its part of the document, its defaults, its faults.

export interface ServerDocument {
  headersTimeoutMs?: number;
  requestTimeoutMs?: number;
  keepAliveTimeoutMs?: number;
  minBytesPerSecond?: number;
  slowWindowMs?: number;
  maxHeaderBytes?: number;
  maxHeaders?: number;
  maxConnections?: number;
  maxRequestsPerConnection?: number;
}

export type ServerLimits = Required<Readonly<ServerDocument>>;

const DEFAULTS: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 300_000,
  // Longer than the 60 s of nginx, so that the edge ends an idle connection first and never sends into a closing one.
  keepAliveTimeoutMs: 65_000,
  // The rate below which Apache's mod_reqtimeout gives up on a sender.
  minBytesPerSecond: 500,
  slowWindowMs: 20_000,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 200,
  // Each costs some 20 KiB; beyond it, Node closes new ones at once.
  maxConnections: 8_192,
  maxRequestsPerConnection: 0,
};

const milliseconds = (description: string) => ({ type: 'integer', minimum: 100, maximum: 3_600_000, description });

/** `server` of the document. */
export const serverSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Bounds of the data port against slow, large and many clients; ms and bytes',
  properties: {
    headersTimeoutMs: milliseconds('Until the header fields of a request are there; counted from the connection on'),
    requestTimeoutMs: {
      type: 'integer',
      minimum: 0,
      maximum: 86_400_000,
      description: 'Until a request with its whole body is there, however fast it comes; 0 sets no limit',
    },
    keepAliveTimeoutMs: milliseconds('How long an idle connection is kept for another request'),
    minBytesPerSecond: {
      type: 'integer',
      minimum: 0,
      maximum: 1_048_576,
      description:
        'The rate at which a body must come, and an answer must be taken, while the gateway waits for the client; 0 sets none',
    },
    slowWindowMs: {
      type: 'integer',
      minimum: 500,
      maximum: 600_000,
      description: 'Over how long that rate is measured: who is slower for one such window is cut',
    },
    maxHeaderBytes: {
      type: 'integer',
      minimum: 1_024,
      maximum: 1_048_576,
      description: 'Size of the request line and the header fields together',
    },
    maxHeaders: { type: 'integer', minimum: 10, maximum: 2_000, description: 'Number of header fields of a request' },
    maxConnections: {
      type: 'integer',
      minimum: 1,
      maximum: 1_000_000,
      description: 'Connections of clients at a time; more are closed at once',
    },
    maxRequestsPerConnection: {
      type: 'integer',
      minimum: 0,
      maximum: 1_000_000_000,
      description: 'After so many requests a connection is closed with the answer; 0 sets no limit',
    },
  },
};

export function resolveServer(document: ServerDocument = {}): ServerLimits {
  return { ...DEFAULTS, ...document };
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Timeouts that cannot hold together. */
export function findServerFaults(document: ServerDocument | undefined): Fault[] {
  const { headersTimeoutMs, requestTimeoutMs } = resolveServer(document);
  if (requestTimeoutMs === 0 || headersTimeoutMs <= requestTimeoutMs) return [];
  return [
    {
      path: ['server', document?.headersTimeoutMs === undefined ? 'requestTimeoutMs' : 'headersTimeoutMs'],
      message: `headersTimeoutMs ${headersTimeoutMs} is longer than requestTimeoutMs ${requestTimeoutMs}, which includes it; lower the one or raise the other`,
    },
  ];
}
