// The gateway as an operator sees it. The admin API of gateway-core answers in these shapes;
// app/services/gateway parses its answers with them.
import { z } from 'zod';

export const breakerStateSchema = z.enum(['closed', 'open', 'half-open']);
export type BreakerState = z.infer<typeof breakerStateSchema>;

export const routeSchema = z.object({
  id: z.string(),
  /** Position in the order in which routes are tried, from 1. */
  order: z.number().int().positive(),
  /** Any of them matches: `/api/ai/search/*` and everything below, `/health` alone, `/users/{id}` with a segment for id. */
  paths: z.array(z.string()).min(1),
  methods: z.array(z.string()).nullable(),
  hosts: z.array(z.string()).nullable(),
  /** What it asks of header fields, in words: `x-version is 2`. */
  matchHeaders: z.array(z.string()).optional(),
  /** null: it answers by itself, with a redirect. */
  upstream: z.string().nullable(),
  /** The upstream's address, for example `http://search:8002`, or where the redirect points. */
  target: z.string(),
  /** What replaces the matched prefix, for example `/` or `/auth/`. */
  rewriteTo: z.string(),
  /** The path that the upstream gets, as a pattern: `/auth/*`, `/orders/{id}`, or `unchanged`; of a redirect, its Location. */
  becomes: z.string().optional(),
  redirect: z.object({ status: z.number(), preserveQuery: z.boolean() }).nullable().optional(),
  /** What becomes of header fields, in words and without values. */
  headerRules: z.array(z.string()).optional(),
  /** null: a redirect reads no body and waits for nobody. */
  bodyLimitBytes: z.number().nullable(),
  timeoutMs: z.number().nullable(),
  /** The route as one sentence: listener → match → stages → upstream. */
  sentence: z.string(),
  /** Why it stands at this place of the order. */
  orderReason: z.string(),
});
export type Route = z.infer<typeof routeSchema>;

export const routeTableSchema = z.object({
  /** Short hash of the configuration in force. */
  revision: z.string(),
  /** Epoch ms at which that configuration came into force. */
  loadedAt: z.number(),
  listener: z.string(),
  /** The stages in the order in which an exchange passes them. */
  stages: z.array(z.string()),
  routes: z.array(routeSchema),
});
export type RouteTable = z.infer<typeof routeTableSchema>;

export const breakerTransitionSchema = z.object({
  /** Epoch ms. */
  at: z.number(),
  from: breakerStateSchema,
  to: breakerStateSchema,
  /** For example `7 of 12 failed in 10 s: 7 connection refused`. */
  reason: z.string(),
});
export type BreakerTransition = z.infer<typeof breakerTransitionSchema>;

/** The breaker of one replica of an upstream that has several. */
export const replicaBreakerSchema = z.object({
  /** `host:port`. */
  replica: z.string(),
  state: breakerStateSchema,
  since: z.number(),
  nextTrialAt: z.number().nullable(),
  window: z.object({ requests: z.number(), failures: z.number() }),
  slow: z.number(),
  refused: z.number(),
  forcedUntil: z.number().nullable(),
  transitions: z.array(breakerTransitionSchema),
});

export const breakerSchema = z.object({
  upstream: z.string(),
  target: z.string(),
  state: breakerStateSchema,
  /** Epoch ms at which this state began. */
  since: z.number(),
  /** Epoch ms of the next trial; null unless open. */
  nextTrialAt: z.number().nullable(),
  /** What was seen in the current window. */
  window: z.object({ requests: z.number(), failures: z.number() }),
  thresholds: z.object({
    windowMs: z.number(),
    minimumRequests: z.number(),
    failureShare: z.number(),
    consecutiveConnectFailures: z.number(),
    openMs: z.number(),
    halfOpenTrials: z.number(),
    /** An answer whose header takes as long is slow; 0 calls none slow. Optional like all that older gateways do not say. */
    slowMs: z.number().optional(),
    slowShare: z.number().optional(),
    /** Each opening in a row is as many times as long as the one before, up to maximumOpenMs. */
    openMultiplier: z.number().optional(),
    maximumOpenMs: z.number().optional(),
    openJitterShare: z.number().optional(),
    stableMs: z.number().optional(),
  }),
  /** Slow answers in the window. */
  slow: z.number().optional(),
  /** Epoch ms until which an operator holds it in its state; null when nobody does. */
  forcedUntil: z.number().nullable().optional(),
  /** Empty when there is one replica: then this is its breaker. */
  replicas: z.array(replicaBreakerSchema).optional(),
  /** Requests refused since it opened; 0 while closed. */
  refused: z.number(),
  /** Newest first, at most 20. */
  transitions: z.array(breakerTransitionSchema),
  /** Which routes end at this upstream, by id. */
  routes: z.array(z.string()),
});
export type Breaker = z.infer<typeof breakerSchema>;

export const stageOutcomeSchema = z.object({
  stage: z.string(),
  outcome: z.enum(['pass', 'stop', 'skip']),
  /** One sentence. */
  sentence: z.string(),
});
export type StageOutcome = z.infer<typeof stageOutcomeSchema>;

export const explainInputSchema = z.object({
  method: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not an HTTP method (RFC 9110, section 9.1)')
    .default('GET'),
  /** An absolute URL or a path with an optional query. */
  url: z.string().min(1).max(8192),
  headers: z.array(z.tuple([z.string(), z.string()])).default([]),
});
export type ExplainInput = z.infer<typeof explainInputSchema>;

export const explanationSchema = z.object({
  method: z.string(),
  url: z.string(),
  canonicalPath: z.string().nullable(),
  /** Every route in order, and why it did or did not match. Routes after the match are `notTried`. */
  tried: z.array(
    z.object({ route: z.string(), result: z.enum(['matched', 'noMatch', 'notTried']), reason: z.string() }),
  ),
  route: z.string().nullable(),
  /** The path that the upstream would get, with its query. */
  rewrittenPath: z.string().nullable(),
  /** `host:port` of the upstream as configured, for example `search:8002`. */
  upstream: z.string().nullable(),
  stages: z.array(stageOutcomeSchema),
  /** What the caller would get if it stops before forwarding; null when it would be forwarded. */
  answer: z.object({ status: z.number(), code: z.string(), detail: z.string() }).nullable(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/** One exchange as a row of the tap. */
export const exchangeSchema = z.object({
  id: z.string(),
  /** Counts up by one within one gateway process; a gap is a lost event. */
  sequence: z.number(),
  gateway: z.string(),
  /** Epoch ms at which the request line was read. */
  at: z.number(),
  method: z.string(),
  host: z.string(),
  /** As received, with the query. Untrusted text. */
  path: z.string(),
  route: z.string().nullable(),
  upstream: z.string().nullable(),
  /** null: the caller went away before an answer. */
  status: z.number().nullable(),
  /** The stable code when the gateway itself answered, for example `breaker-open`. */
  code: z.string().nullable(),
  /** In words, for example `connection refused by search:8002`. */
  note: z.string().nullable(),
  durationMs: z.number(),
  /** Until the first byte of the upstream's answer; null when it was not asked or did not answer. */
  upstreamMs: z.number().nullable(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  client: z.string(),
  protocol: z.enum(['http', 'websocket']),
  traceId: z.string(),
  breaker: breakerStateSchema.nullable(),
  /** Why the caller got the route's fixed answer, for example `timeout`; null when it did not. */
  fallback: z.string().nullable().optional(),
  /** Whether Gatehouse's own demo traffic sent it. */
  demo: z.boolean(),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/** The beginning of a body, redacted at the source. Untrusted text. */
export const bodyPreviewSchema = z.object({
  contentType: z.string(),
  text: z.string(),
  /** The body went on. */
  isCut: z.boolean(),
});

export const exchangeDetailSchema = exchangeSchema.extend({
  canonicalPath: z.string().nullable(),
  forwardedPath: z.string().nullable(),
  /** Who the caller was, as far as the gateway's configuration lets it be recorded: a name, a digest, or nothing. */
  subject: z.string().nullable().default(null),
  /** The socket address that was dialled. */
  target: z.string().nullable(),
  /** Each replica that was asked, in order; `status` and `failure` both when an answer was cut. */
  tries: z
    .array(
      z.object({ replica: z.string(), status: z.number().nullable(), failure: z.string().nullable(), ms: z.number() }),
    )
    .optional(),
  stages: z.array(stageOutcomeSchema.extend({ startMs: z.number(), durationMs: z.number() })),
  /** Redacted at the source; names as received. */
  requestHeaders: z.array(z.tuple([z.string(), z.string()])),
  responseHeaders: z.array(z.tuple([z.string(), z.string()])),
  /** null: not kept, since previews are off, or this body is no text. */
  requestBody: bodyPreviewSchema.nullable().default(null),
  responseBody: bodyPreviewSchema.nullable().default(null),
});
export type ExchangeDetail = z.infer<typeof exchangeDetailSchema>;

/** Cumulative since the gateway started. `counts[i]` holds latencies ≤ `boundsMs[i]`, the last one all above; not summed up. */
export const latencySchema = z.object({ boundsMs: z.array(z.number()), counts: z.array(z.number()) });

export const routeCountersSchema = z.object({
  requests: z.number(),
  /** By class of what callers got. `aborted`: the caller went away. */
  status: z.object({
    '1xx': z.number(),
    '2xx': z.number(),
    '3xx': z.number(),
    '4xx': z.number(),
    '5xx': z.number(),
    aborted: z.number(),
  }),
  /** 429 of the gateway or the upstream; also in 4xx. */
  limited: z.number(),
  /** Refused by an open breaker; also in 5xx. */
  refused: z.number(),
  /** What the upstream failed: 5xx, timeouts, refused connections, resets. */
  upstreamFailures: z.number(),
  /** Answered with the route's fixed answer, whatever its status. */
  degraded: z.number().optional(),
  latency: latencySchema,
});
export type RouteCounters = z.infer<typeof routeCountersSchema>;

export const gatewayStatsSchema = z.object({
  gateway: z.string(),
  version: z.string(),
  /** Epoch ms. */
  startedAt: z.number(),
  at: z.number(),
  inFlight: z.number(),
  draining: z.boolean(),
  /** By route id; `-` holds what matched no route. */
  routes: z.record(z.string(), routeCountersSchema),
  tap: z.object({
    kept: z.number(),
    bytes: z.number(),
    capacityBytes: z.number(),
    viewers: z.number(),
    lost: z.number(),
  }),
});
export type GatewayStats = z.infer<typeof gatewayStatsSchema>;

/** What is known of one process of the gateway. */
export const gatewayReplicaSchema = z.object({
  /** What it calls itself, else how it is reached. */
  name: z.string(),
  /** How its admin API is reached. */
  way: z.enum(['socket', 'exec']),
  state: z.enum(['live', 'connecting', 'lost', 'absent']),
  /** Why it does not answer. */
  why: z.string().nullable(),
  version: z.string().nullable(),
  /** Short hash of the configuration in force on it. */
  revision: z.string().nullable(),
  /** Epoch ms of its start and of its last answer. */
  startedAt: z.number().nullable(),
  lastSeenAt: z.number().nullable(),
});
export type GatewayReplica = z.infer<typeof gatewayReplicaSchema>;

/** Where the gateway's word comes from, and what can be asked of it. */
export const gatewayAboutSchema = z.object({
  /** The service whose containers are the gateway; null: none is known. */
  service: z.string().nullable(),
  replicas: z.array(gatewayReplicaSchema),
  /** Operations of the catalogue that its admin API answers; empty where there is none. */
  can: z.array(z.object({ operation: z.string(), summary: z.string(), changes: z.boolean() })),
});
export type GatewayAbout = z.infer<typeof gatewayAboutSchema>;
