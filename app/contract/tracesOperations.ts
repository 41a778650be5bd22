// The part of the catalogue that is about traces.
import { z } from 'zod';
import { mutation, query, subscription } from './operation.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import {
  spanIdSchema,
  spanRestSchema,
  traceCollectorSchema,
  traceIdSchema,
  traceQuerySchema,
  traceRangeSchema,
  traceSchema,
  traceSearchSchema,
  traceSourceSchema,
} from './shapes/traces.ts';

const inEnvironment = z.object({ environment: environmentIdSchema });
const changesEnvironment = inEnvironment.extend({ confirm: z.string().max(128).optional() });

export const tracesOperations = {
  source: subscription({
    class: 'observe',
    summary: 'Where traces come from, whether that answers, and why it is this one',
    input: inEnvironment,
    output: traceSourceSchema,
  }),
  search: query({
    class: 'sensitiveRead',
    summary: 'Traces that began in a stretch of time and fit, newest first',
    input: inEnvironment.extend({ query: traceQuerySchema, range: traceRangeSchema }),
    output: traceSearchSchema,
  }),
  watch: subscription({
    class: 'sensitiveRead',
    summary: 'The newest traces that fit, again when there are others',
    input: inEnvironment.extend({
      query: traceQuerySchema,
      /** How far it reaches back. */
      lengthMs: z
        .number()
        .int()
        .min(1000)
        .max(31 * 86_400_000),
    }),
    output: traceSearchSchema,
  }),
  detail: query({
    class: 'sensitiveRead',
    summary: 'One trace: its spans as a tree, the critical path, services, gaps',
    input: inEnvironment.extend({ traceId: traceIdSchema }),
    output: traceSchema,
  }),
  span: query({
    class: 'sensitiveRead',
    summary: 'Attributes, events and links of one span',
    input: inEnvironment.extend({ traceId: traceIdSchema, spanId: spanIdSchema }),
    output: spanRestSchema,
  }),
  listen: mutation({
    class: 'change',
    summary: 'Listen for spans on loopback: OTLP over HTTP as JSON, kept in memory until it is stopped',
    input: changesEnvironment.extend({ port: z.number().int().min(0).max(65535).default(4318) }),
    output: traceCollectorSchema,
  }),
  stopListening: mutation({
    class: 'change',
    summary: 'Stop listening for spans and forget them',
    input: changesEnvironment,
    output: z.void(),
  }),
} as const;
