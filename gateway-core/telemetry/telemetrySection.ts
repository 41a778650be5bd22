// The section `telemetry` of gateway.yaml: traces, trace context, access log, and what none of them may show.

import { TOKEN } from '../headers/fieldSyntax.ts';

interface TracesDocument {
  otlpUrl: string;
  headers?: Record<string, string>;
  ratio?: number;
  serviceName?: string;
  query?: QueryMode;
  queueSpans?: number;
  batchSpans?: number;
  delayMs?: number;
  timeoutMs?: number;
}

interface AccessLogDocument {
  to?: string;
  query?: QueryMode;
  queueBytes?: number;
}

/** `redacted`: names stay and every value goes. `kept`: only the values of secret names go. */
type QueryMode = 'redacted' | 'kept';

export interface TelemetryDocument {
  traces?: TracesDocument;
  traceContext?: { from?: TraceContextSource };
  accessLog?: AccessLogDocument;
  redact?: { query?: string[]; fields?: string[] };
}

type TraceContextSource = 'anyone' | 'trusted-proxies';

export interface TracesConfig {
  readonly otlpUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that begin here and are sampled, 0 to 1. */
  readonly ratio: number;
  readonly serviceName: string;
  readonly query: QueryMode;
  readonly queueSpans: number;
  readonly batchSpans: number;
  readonly delayMs: number;
  readonly timeoutMs: number;
}

export interface AccessLogConfig {
  /** `stdout`, `stderr` or the absolute path of a file. */
  readonly to: string;
  readonly query: QueryMode;
  readonly queueBytes: number;
}

export interface TelemetryConfig {
  /** null: no spans are made. */
  readonly traces: TracesConfig | null;
  readonly traceContextFrom: TraceContextSource;
  /** null: no line is written. */
  readonly accessLog: AccessLogConfig | null;
  /** Lower-case names, ours included. */
  readonly redact: { readonly query: readonly string[]; readonly fields: readonly string[] };
}

const TRACES = {
  headers: {},
  ratio: 1,
  serviceName: 'api-gateway',
  query: 'redacted',
  // A sampled exchange makes two spans or more; each takes some 2 KiB until it is sent.
  queueSpans: 2_048,
  batchSpans: 512,
  delayMs: 1_000,
  timeoutMs: 10_000,
} as const;

export const ACCESS_LOG: AccessLogConfig = { to: 'stdout', query: 'redacted', queueBytes: 1024 * 1024 };

/** OAuth, signed URLs and what APIs call their keys; matched whole and whatever the case. */
const SECRET_QUERY = [
  ...['access_token', 'id_token', 'refresh_token', 'token', 'code', 'assertion', 'client_secret', 'secret'],
  ...['api_key', 'apikey', 'api-key', 'key', 'auth', 'authorization', 'password', 'passwd', 'pwd', 'jwt'],
  ...['sig', 'signature', 'x-amz-signature', 'x-amz-credential', 'x-amz-security-token', 'x-goog-signature'],
];
const SECRET_FIELDS = [
  ...['password', 'passwd', 'pwd', 'pass', 'passphrase', 'pin', 'otp', 'secret', 'client_secret', 'clientsecret'],
  ...['token', 'access_token', 'accesstoken', 'refresh_token', 'refreshtoken', 'id_token', 'idtoken', 'jwt', 'csrf'],
  ...['api_key', 'apikey', 'authorization', 'private_key', 'privatekey', 'card', 'card_number', 'cardnumber', 'cvc'],
  ...['cvv', 'iban', 'ssn', 'session', 'sessionid', 'session_id', 'cookie', 'credential', 'credentials'],
];

const query = {
  enum: ['redacted', 'kept'],
  description:
    'What becomes of a query. redacted (the default): names stay, every value is replaced. kept: only the values of secret names are.',
};

export const telemetrySchema = {
  type: 'object',
  additionalProperties: false,
  description: 'What the gateway tells of its traffic, besides the metrics that it always serves at /metrics.',
  properties: {
    traces: {
      type: 'object',
      additionalProperties: false,
      required: ['otlpUrl'],
      description:
        'Spans of each sampled exchange, sent with OTLP over HTTP as JSON. Without this section none are made.',
      properties: {
        otlpUrl: {
          type: 'string',
          minLength: 1,
          description: 'Where spans are sent, for example http://jaeger:4318/v1/traces.',
        },
        headers: {
          type: 'object',
          maxProperties: 32,
          propertyNames: { pattern: `^${TOKEN}$` },
          additionalProperties: { type: 'string', writeOnly: true, pattern: '^[\\t\\x20-\\x7e]*$' },
          description:
            'Header fields of each export, for example an api key of the collector. Their values are secret.',
        },
        ratio: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          description:
            'Share of the traces that begin here and are sampled (1). A caller that has a trace decides itself.',
        },
        serviceName: {
          type: 'string',
          minLength: 1,
          maxLength: 255,
          description: 'service.name of the spans (api-gateway).',
        },
        query,
        queueSpans: {
          type: 'integer',
          minimum: 1,
          maximum: 1_000_000,
          description: 'Spans that may wait to be sent (2048); what comes beyond is dropped and counted.',
        },
        batchSpans: {
          type: 'integer',
          minimum: 1,
          maximum: 100_000,
          description: 'Spans of one export at most (512).',
        },
        delayMs: { type: 'integer', minimum: 10, maximum: 60_000, description: 'Pause between two exports (1000).' },
        timeoutMs: {
          type: 'integer',
          minimum: 100,
          maximum: 60_000,
          description: 'How long one export may take with its repetitions (10000).',
        },
      },
    },
    traceContext: {
      type: 'object',
      additionalProperties: false,
      description: 'Which callers may put a request into a trace of theirs (traceparent, tracestate, baggage).',
      properties: {
        from: {
          enum: ['anyone', 'trusted-proxies'],
          description:
            'anyone (the default) continues every valid trace. trusted-proxies begins a new one, linked to the old, for all other callers: they can then neither force sampling nor hand baggage in.',
        },
      },
    },
    accessLog: {
      type: 'object',
      additionalProperties: false,
      description: 'One line of JSON for each finished exchange. Without this section none is written.',
      properties: {
        to: {
          type: 'string',
          pattern: '^(stdout|stderr|/.+)$',
          description: 'stdout (the default), stderr, or the absolute path of a file, which is reopened on SIGHUP.',
        },
        query,
        queueBytes: {
          type: 'integer',
          minimum: 16_384,
          maximum: 1_073_741_824,
          description: 'Bytes that may wait to be written (1 MiB); lines beyond are dropped and counted.',
        },
      },
    },
    redact: {
      type: 'object',
      additionalProperties: false,
      description: 'Names whose values are replaced in tap, access log and spans, besides those that always are.',
      properties: {
        query: {
          type: 'array',
          maxItems: 256,
          items: { type: 'string', minLength: 1, maxLength: 128 },
          description: 'Parameters of the query.',
        },
        fields: {
          type: 'array',
          maxItems: 256,
          items: { type: 'string', minLength: 1, maxLength: 128 },
          description: 'Fields of JSON and form bodies in previews, at any depth.',
        },
      },
    },
  },
} as const;

export function resolveTelemetry(document: TelemetryDocument = {}): TelemetryConfig {
  const { traces, traceContext, accessLog, redact } = document;
  return {
    traces: traces ? { ...TRACES, ...traces } : null,
    traceContextFrom: traceContext?.from ?? 'anyone',
    accessLog: accessLog ? { ...ACCESS_LOG, ...accessLog } : null,
    redact: {
      query: toNames(SECRET_QUERY, redact?.query),
      fields: toNames(SECRET_FIELDS, redact?.fields),
    },
  };
}

function toNames(ours: readonly string[], configured: readonly string[] = []): string[] {
  return [...new Set([...ours, ...configured.map((name) => name.toLowerCase())])];
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function findTelemetryFaults({ traces }: TelemetryDocument = {}): Fault[] {
  if (!traces) return [];
  const faults: Fault[] = [];
  const at = (key: string, message: string) => faults.push({ path: ['telemetry', 'traces', key], message });
  const url = URL.canParse(traces.otlpUrl) ? new URL(traces.otlpUrl) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    at('otlpUrl', `"${traces.otlpUrl}" is not an http or https URL; write it as http://jaeger:4318/v1/traces`);
  else if (url.username !== '' || url.password !== '')
    at('otlpUrl', `the URL of ${url.host} carries a name and password; put them into headers.authorization`);
  const { queueSpans = TRACES.queueSpans, batchSpans = TRACES.batchSpans } = traces;
  if (batchSpans > queueSpans)
    at('batchSpans', `${batchSpans} spans do not fit into the queue of ${queueSpans}; make queueSpans larger`);
  return faults;
}
