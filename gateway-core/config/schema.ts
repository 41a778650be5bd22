// JSON Schema (draft-07) of gateway.yaml. Editors may use it as it is; what a schema cannot say is in semantics.ts.

import { authSchema, routeAuthSchema } from '../auth/authSchema.ts';
import { fallbackFragment } from '../fallback/fallbackSection.ts';
import { TOKEN } from '../headers/fieldSyntax.ts';
import { forwardingSchema, headersSchema } from '../headers/headersSection.ts';
import { limitNamesSchema, limitsSchema } from '../limits/limitsSection.ts';
import { retryFragment } from '../retry/retrySection.ts';
import { routeMatchProperties } from '../routes/routesSection.ts';
import { drainSchema } from '../server/drainSection.ts';
import { serverSchema } from '../server/serverSection.ts';
import { tapSchema } from '../tap/tapSection.ts';
import { telemetrySchema } from '../telemetry/telemetrySection.ts';
import { timeoutsFragment } from '../transport/timeoutsSection.ts';
import { websocketSchema } from '../transport/upgradeSection.ts';
import { upstreamFragment, upstreamPolicyFragments } from '../upstream/upstreamSection.ts';
import { validateSchema, validationSchema } from '../validation/validationSection.ts';

const bodyLimitBytes = { type: 'integer', minimum: 0, maximum: 1_099_511_627_776 };
const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$' };
const headerName = { type: 'string', pattern: `^${TOKEN}$` };

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'paths'],
  properties: {
    ...routeMatchProperties,
    headers: headersSchema,
    websocket: websocketSchema,
    bodyLimitBytes,
    timeouts: timeoutsFragment,
    retry: retryFragment,
    fallback: fallbackFragment,
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
        ...upstreamPolicyFragments,
        bodyLimitBytes,
        retry: retryFragment,
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
      additionalProperties: upstreamFragment,
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
