// JSON Schema (draft-07) of gateway.yaml. Editors may use it as it is; what a schema cannot say is in semantics.ts.
import { drainSchema } from '../server/drainSection.ts';
import { tapSchema } from '../tap/tapSection.ts';
import { telemetrySchema } from '../telemetry/telemetrySection.ts';

const milliseconds = { type: 'integer', minimum: 1, maximum: 3_600_000 };

const timeouts = {
  type: 'object',
  additionalProperties: false,
  properties: {
    connectMs: milliseconds,
    responseHeaderMs: milliseconds,
    idleMs: milliseconds,
    totalMs: { type: 'integer', minimum: 0, maximum: 86_400_000, description: '0 sets no limit' },
  },
};

const breaker = {
  type: 'object',
  additionalProperties: false,
  properties: {
    windowMs: { type: 'integer', minimum: 100, maximum: 600_000 },
    minimumRequests: { type: 'integer', minimum: 1, maximum: 1_000_000 },
    failureShare: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    consecutiveConnectFailures: { type: 'integer', minimum: 1, maximum: 10_000 },
    openMs: { type: 'integer', minimum: 10, maximum: 3_600_000 },
    halfOpenTrials: { type: 'integer', minimum: 1, maximum: 1000 },
  },
};

const bodyLimitBytes = { type: 'integer', minimum: 0, maximum: 1_099_511_627_776 };
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
const prefix = { type: 'string', pattern: '^/', maxLength: 1024 };
const headerName = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" };

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'paths', 'upstream'],
  properties: {
    id: name,
    paths: { type: 'array', minItems: 1, maxItems: 64, items: prefix },
    methods: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^[A-Z]{1,24}$' } },
    hosts: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^(\\*\\.)?[A-Za-z0-9.-]+$' } },
    upstream: name,
    rewrite: { type: 'object', additionalProperties: false, required: ['prefix'], properties: { prefix } },
    bodyLimitBytes,
    timeouts,
  },
};

export const configSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Gatehouse gateway configuration',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'upstreams', 'routes'],
  properties: {
    version: { const: 1 },
    listen: {
      type: 'object',
      additionalProperties: false,
      properties: {
        host: { type: 'string', minLength: 1 },
        port: { type: 'integer', minimum: 0, maximum: 65_535 },
      },
    },
    defaults: { type: 'object', additionalProperties: false, properties: { timeouts, bodyLimitBytes, breaker } },
    upstreams: {
      type: 'object',
      minProperties: 1,
      propertyNames: name,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['url'],
        properties: { url: { type: 'string', minLength: 1 }, timeouts, breaker },
      },
    },
    routes: { type: 'array', minItems: 1, maxItems: 1000, items: route },
    trustedProxies: { type: 'array', items: { type: 'string', minLength: 1 } },
    redact: { type: 'array', items: headerName },
    drain: drainSchema,
    tap: tapSchema,
    telemetry: telemetrySchema,
  },
} as const;
