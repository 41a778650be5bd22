// JSON Schema (draft-07) of gateway.yaml. Editors may use it as it is; what a schema cannot say is in semantics.ts.
import { authSchema, routeAuthSchema } from '../auth/authSchema.ts';
import { forwardingSchema, headersSchema } from '../headers/headersSection.ts';
import { limitNamesSchema, limitsSchema } from '../limits/limitsSection.ts';
import { routeMatchProperties } from '../routes/routesSection.ts';
import { drainSchema } from '../server/drainSection.ts';
import { serverSchema } from '../server/serverSection.ts';
import { tapSchema } from '../tap/tapSection.ts';
import { telemetrySchema } from '../telemetry/telemetrySection.ts';
import { websocketSchema } from '../transport/upgradeSection.ts';
import { validateSchema, validationSchema } from '../validation/validationSection.ts';

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
const headerName = { type: 'string', pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" };

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'paths'],
  properties: {
    ...routeMatchProperties,
    headers: headersSchema,
    websocket: websocketSchema,
    bodyLimitBytes,
    timeouts,
    auth: routeAuthSchema,
    limits: limitNamesSchema,
    validate: validateSchema,
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
    server: serverSchema,
    forwarding: forwardingSchema,
    defaults: {
      type: 'object',
      additionalProperties: false,
      properties: {
        timeouts,
        bodyLimitBytes,
        breaker,
        headers: headersSchema,
        websocket: websocketSchema,
        limits: limitNamesSchema,
      },
    },
    limits: limitsSchema,
    validation: validationSchema,
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
    auth: authSchema,
    trustedProxies: { type: 'array', items: { type: 'string', minLength: 1 } },
    redact: { type: 'array', items: headerName },
    drain: drainSchema,
    tap: tapSchema,
    telemetry: telemetrySchema,
  },
} as const;
