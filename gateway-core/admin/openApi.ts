// The OpenAPI 3.1 document of the admin API, made of the table of operations.
import { version } from '../version.ts';
import type { Body, Description, Operation, Parameters } from './operation.ts';
import { componentSchemas } from './schemas.ts';

export const OPEN_API_PATH = '/openapi.json';

export function buildOpenApi(operations: readonly Operation[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] ??= {};
    Object.assign(paths[operation.path] ?? {}, { [operation.method.toLowerCase()]: describe(operation) });
  }
  paths[OPEN_API_PATH] = {
    get: {
      operationId: 'getOpenApi',
      tags: ['description'],
      summary: 'This document',
      parameters: [],
      responses: { 200: { description: 'OpenAPI 3.1', content: { 'application/json': {} } } },
    },
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse gateway, admin API',
      version,
      description:
        'HTTP over a unix socket that only its owner may open; whoever may open it may ask everything. Failures are problem+json (RFC 9457) with a stable code.',
    },
    servers: [{ url: '/v1', description: 'On the admin socket' }],
    tags: [...new Set(operations.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: { schemas: componentSchemas },
  };
}

function describe({ id, group, summary, description, parameters, body, answers, isUnversionedToo }: Operation) {
  const unversioned = isUnversionedToo ? 'Also served without /v1.' : undefined;
  const words = [description, unversioned].filter((part) => part !== undefined).join(' ');
  return {
    operationId: id,
    tags: [group],
    summary,
    ...(words === '' ? {} : { description: words }),
    parameters: describeParameters(parameters),
    ...(body ? { requestBody: describeBody(body) } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, describeAnswer(answer)])),
      default: describeAnswer({ description: 'A problem', schema: 'Problem', type: 'application/problem+json' }),
    },
  };
}

function describeParameters(parameters: Parameters) {
  return Object.entries(parameters).map(([name, parameter]) => ({
    name,
    in: parameter.in,
    description: parameter.description,
    required: parameter.required ?? false,
    schema: parameter.schema,
    ...(parameter.schema.type === 'array' ? { style: 'form', explode: true } : {}),
  }));
}

function describeBody({ type, description, schema, limitBytes }: Body) {
  return {
    description: `${description} (at most ${limitBytes / 1024} KiB)`,
    required: true,
    content: { [type]: { schema: schema ?? { type: 'string' } } },
  };
}

function describeAnswer({ description, schema, type }: Description) {
  const isProblem = schema === 'Problem' || schema === 'ConfigRefusal';
  const mediaType = type ?? (isProblem ? 'application/problem+json' : 'application/json');
  const ref = typeof schema === 'string' ? { $ref: `#/components/schemas/${schema}` } : schema;
  return { description, content: { [mediaType]: ref ? { schema: ref } : {} } };
}
