// JSON Schema (draft-07) of gateway.yaml. Editors may use it as it is; what a schema cannot say is in semantics.ts.
import { fallbackFragment } from '../fallback/fallbackSection.ts';
import { retryFragment } from '../retry/retrySection.ts';
import { timeoutsFragment } from '../transport/timeoutsSection.ts';
import { upstreamFragment, upstreamPolicyFragments } from '../upstream/upstreamSection.ts';

const milliseconds = { type: 'integer', minimum: 1, maximum: 3_600_000 };

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
    timeouts: timeoutsFragment,
    retry: retryFragment,
    fallback: fallbackFragment,
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
    defaults: {
      type: 'object',
      additionalProperties: false,
      properties: { ...upstreamPolicyFragments, bodyLimitBytes, retry: retryFragment },
    },
    upstreams: {
      type: 'object',
      minProperties: 1,
      propertyNames: name,
      additionalProperties: upstreamFragment,
    },
    routes: { type: 'array', minItems: 1, maxItems: 1000, items: route },
    trustedProxies: { type: 'array', items: { type: 'string', minLength: 1 } },
    redact: { type: 'array', items: headerName },
    tap: {
      type: 'object',
      additionalProperties: false,
      properties: {
        capacityBytes: { type: 'integer', minimum: 65_536, maximum: 4_294_967_296 },
        slowMs: milliseconds,
      },
    },
  },
} as const;
