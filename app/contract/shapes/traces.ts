// Traces as every source of them is told: a list of what was found, and one trace as a tree of spans. All text is untrusted.
import { z } from 'zod';
import { problemSchema } from '../problem.ts';

export const traceIdSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[0-9a-f]{1,32}$/, 'a trace id is up to 32 hexadecimal digits');
export const spanIdSchema = z.string().min(1).max(64);

/** How many spans of one trace are told; the others are counted. */
export const spanLimit = 10_000;

export const spanKindSchema = z.enum(['internal', 'server', 'client', 'producer', 'consumer', 'unspecified']);
export type SpanKind = z.infer<typeof spanKindSchema>;

/** Conditions of a search; all must hold. */
export const traceQuerySchema = z.object({
  /** Some span is of this service; a duration and an error are then asked of its spans alone. */
  service: z.string().min(1).max(200).optional(),
  /** Some span was routed by it: a route's id, or its pattern where it begins with `/`. */
  route: z.string().min(1).max(500).optional(),
  /** Of the trace, or of the longest span of the service. Milliseconds. */
  minMs: z.number().min(0).max(86_400_000).optional(),
  maxMs: z.number().min(0).max(86_400_000).optional(),
  /** Some span failed. */
  error: z.boolean().default(false),
  /** The X-Request-Id that the gateway gave or took over. */
  requestId: z.string().min(1).max(200).optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type TraceQuery = z.infer<typeof traceQuerySchema>;

/** Epoch ms; a trace is in it when it begins in it. */
export const traceRangeSchema = z
  .object({ from: z.number().int().min(0), to: z.number().int().min(0) })
  .refine(({ from, to }) => from < to, 'the range ends before it begins');
export type TraceRange = z.infer<typeof traceRangeSchema>;

export const traceSummarySchema = z.object({
  traceId: z.string(),
  /** Epoch ms with a fraction: where its first span begins. */
  at: z.number(),
  /** From the beginning of the first span to the end of the last one. */
  durationMs: z.number(),
  /** The span that the others are below of; of several the longest. */
  root: z.object({ service: z.string(), name: z.string() }),
  /** Not every span has come whose children have: the trace is not whole, or not yet. */
  isPartial: z.boolean(),
  /** The route that the gateway took; null where no span says it. */
  route: z.string().nullable(),
  /** The status of HTTP of the root; null where it says none. */
  httpStatus: z.number().nullable(),
  requestId: z.string().nullable(),
  spanCount: z.number(),
  errorCount: z.number(),
  /** By their number of spans, at most 12. */
  services: z.array(z.object({ service: z.string(), spans: z.number(), errors: z.number() })),
  serviceCount: z.number(),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const traceSearchSchema = z.object({
  at: z.number(),
  from: z.number(),
  to: z.number(),
  /** Newest first. */
  traces: z.array(traceSummarySchema),
  /** There may be more of them in this time; `notes` say why. */
  isPartial: z.boolean(),
  notes: z.array(z.string()),
  /** Those that the source has spans of, by name, at most 200. */
  services: z.array(z.string()),
});
export type TraceSearch = z.infer<typeof traceSearchSchema>;

export const spanAttributeSchema = z.object({
  key: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
});
export type SpanAttribute = z.infer<typeof spanAttributeSchema>;

/** What a span says beside its place in the trace. */
export const spanRestSchema = z.object({
  attributes: z.array(spanAttributeSchema),
  /** Of the process that made it. */
  resource: z.array(spanAttributeSchema),
  events: z.array(
    z.object({
      /** Milliseconds after the beginning of the trace. */
      startMs: z.number(),
      name: z.string(),
      attributes: z.array(spanAttributeSchema),
    }),
  ),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: z.array(spanAttributeSchema) })),
});
export type SpanRest = z.infer<typeof spanRestSchema>;

export const spanSchema = z.object({
  id: z.string(),
  /** As it was said, also where that span is not there. */
  parentId: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  kind: spanKindSchema,
  /** Milliseconds after the beginning of the trace. */
  startMs: z.number(),
  durationMs: z.number(),
  status: z.enum(['unset', 'ok', 'error']),
  /** Why it failed, in its own words; null where it did not, or does not say. */
  error: z.string().nullable(),
  /** Steps below the root. */
  depth: z.number(),
  childCount: z.number(),
  eventCount: z.number(),
  /** In which none of its children ran. */
  selfMs: z.number(),
  /** Its own share of the critical path. */
  criticalMs: z.number(),
  /** Its parent has not come. */
  isOrphan: z.boolean(),
  /** How far it was moved, since the clock that measured it differs from its parent's. */
  skewMs: z.number(),
  /** null: the trace is so large that this is asked for span by span. */
  rest: spanRestSchema.nullable(),
});
export type Span = z.infer<typeof spanSchema>;

export const traceSchema = z.object({
  traceId: z.string(),
  source: z.enum(['jaeger', 'collector']),
  summary: traceSummarySchema,
  /** Each parent before its children, those by their beginning. */
  spans: z.array(spanSchema),
  /** All that the source has; `spans` holds 10 000 at most. */
  spanCount: z.number(),
  /** What the end of the root waited for: places in `spans` and stretches in ms after the beginning, in order of time. */
  critical: z.array(z.object({ span: z.number(), fromMs: z.number(), toMs: z.number() })),
  /** By their share of the critical path. */
  services: z.array(
    z.object({
      service: z.string(),
      spans: z.number(),
      errors: z.number(),
      selfMs: z.number(),
      criticalMs: z.number(),
    }),
  ),
  /** Stretches within the trace in which no span ran, the longest first, at most 20. */
  gaps: z.array(z.object({ fromMs: z.number(), toMs: z.number() })),
  /** What is missing, was moved or was left out, in sentences. */
  notes: z.array(z.string()),
});
export type Trace = z.infer<typeof traceSchema>;

/** Spans that are sent to this host itself, on loopback alone. */
export const traceCollectorSchema = z.object({
  /** For OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:4318`. */
  endpoint: z.string(),
  traces: z.number(),
  spans: z.number(),
  bytes: z.number(),
  capacityBytes: z.number(),
  /** Spans that were refused since it listens: too many, too large, or not readable. */
  refusedSpans: z.number(),
  /** Traces that had to go for newer ones. */
  droppedTraces: z.number(),
});
export type TraceCollector = z.infer<typeof traceCollectorSchema>;

export const traceSourceSchema = z.object({
  /** `none`: there is no Jaeger, and nobody asked the host to listen. */
  kind: z.enum(['jaeger', 'collector', 'none']),
  state: z.enum(['live', 'connecting', 'lost', 'absent']),
  detail: z.string(),
  /** Why it is this one. */
  reason: z.string(),
  /** Epoch ms of the last answer. */
  lastSeenAt: z.number().nullable(),
  problem: problemSchema.nullable(),
  collector: traceCollectorSchema.nullable(),
  /** Whether the operator may end the listening: the sandbox does so by itself. */
  canStop: z.boolean(),
});
export type TraceSourceView = z.infer<typeof traceSourceSchema>;
