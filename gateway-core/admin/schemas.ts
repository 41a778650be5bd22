// Shapes of the admin API's answers as JSON Schema, for the OpenAPI document. Strict: a test holds every answer to them.

const string = { type: 'string' };
const number = { type: 'number' };
const integer = { type: 'integer' };
const boolean = { type: 'boolean' };
const nullable = (type: string) => ({ type: [type, 'null'] });
const listOf = (items: object) => ({ type: 'array', items });
const mapOf = (additionalProperties: object) => ({ type: 'object', additionalProperties });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const enumOf = (...values: readonly (string | null)[]) => ({ enum: values });
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

/** Every property is there unless it is named as optional. */
function object(
  properties: Readonly<Record<string, object>>,
  { optional = [] }: { optional?: readonly string[] } = {},
) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, additionalProperties: false, properties };
}

const headers = listOf({ type: 'array', minItems: 2, maxItems: 2, items: string });
const epochMs = { type: 'number', description: 'Epoch ms' };
const breakerState = enumOf('closed', 'open', 'half-open');
const outcome = enumOf('pass', 'stop', 'skip');

const exchange = {
  id: string,
  sequence: { ...integer, description: 'Counts up by one within one run; a gap is a lost event' },
  gateway: string,
  at: epochMs,
  method: string,
  host: string,
  path: { ...string, description: 'As received, secret parameters replaced' },
  route: nullable('string'),
  upstream: nullable('string'),
  status: { ...nullable('integer'), description: 'null: the caller went away before an answer' },
  code: nullable('string'),
  note: nullable('string'),
  durationMs: number,
  upstreamMs: nullable('number'),
  requestBytes: integer,
  responseBytes: integer,
  client: string,
  protocol: enumOf('http', 'websocket'),
  traceId: string,
  breaker: enumOf('closed', 'open', 'half-open', null),
  fallback: { ...nullable('string'), description: 'Why the caller got the fixed answer of the route' },
  demo: boolean,
  replayOf: { ...nullable('string'), description: 'The exchange that an operator repeated with it' },
};

const counters = object({
  requests: integer,
  status: mapOf(integer),
  limited: integer,
  refused: integer,
  upstreamFailures: integer,
  degraded: { ...integer, description: "Answered with the route's fixed answer" },
  latency: object({ boundsMs: listOf(number), counts: listOf(integer) }),
});

const historyEntry = {
  id: integer,
  at: epochMs,
  origin: enumOf('start', 'library', 'file', 'signal', 'api', 'rollback'),
  note: nullable('string'),
  revision: string,
  changes: listOf(string),
  etag: string,
};

const problem = { type: string, title: string, status: integer, detail: string, code: string };
const fieldChange = object({ path: string, from: {}, to: {} }, { optional: ['from', 'to'] });
const itemsDiff = {
  added: listOf(string),
  removed: listOf(string),
  changed: listOf(object({ id: string, fields: listOf(fieldChange) })),
};

const configDiff = object({
  isSame: boolean,
  lines: listOf(string),
  from: string,
  to: string,
  routes: object({ ...itemsDiff, reordered: boolean }),
  upstreams: object(itemsDiff),
  settings: listOf(fieldChange),
  needsRestart: { ...listOf(string), description: 'Settings that are only read at a start' },
});

const lost = object({ type: { const: 'lost' }, count: integer, why: enumOf('slow', 'gone') });
const restarted = object({ type: { const: 'restarted' } });

const breakerSnapshot = {
  state: breakerState,
  since: epochMs,
  nextTrialAt: nullable('number'),
  forcedUntil: { ...nullable('number'), description: 'Epoch ms until which an operator holds it' },
  window: object({ requests: integer, failures: integer }),
  slow: { ...integer, description: 'Slow answers in the window' },
  refused: integer,
  transitions: listOf(object({ at: epochMs, from: breakerState, to: breakerState, reason: string })),
};

const replica = object({
  id: string,
  address: { ...string, description: 'The socket address that is dialled' },
  weight: number,
  health: enumOf('unknown', 'healthy', 'unhealthy'),
  lastCheck: orNull({ type: 'object' }),
  breaker: breakerState,
  ejectedUntil: nullable('number'),
  ejectedFor: nullable('string'),
  drainedUntil: nullable('number'),
  inFlight: integer,
  requests: integer,
  failures: integer,
  latencyMs: nullable('number'),
  connections: object({ open: integer, idle: integer }),
});

const routing = {
  RouteTable: object({
    revision: string,
    loadedAt: epochMs,
    listener: string,
    stages: listOf(string),
    routes: listOf(
      object({
        id: string,
        order: integer,
        paths: listOf(string),
        methods: nullable('array'),
        hosts: nullable('array'),
        matchHeaders: listOf(string),
        upstream: { ...nullable('string'), description: 'null: the route is a redirect' },
        target: string,
        rewriteTo: string,
        becomes: string,
        redirect: orNull(object({ status: integer, preserveQuery: boolean })),
        headerRules: listOf(string),
        bodyLimitBytes: nullable('integer'),
        timeoutMs: nullable('integer'),
        sentence: string,
        orderReason: string,
      }),
    ),
  }),
  Explanation: object({
    method: string,
    url: string,
    canonicalPath: nullable('string'),
    tried: listOf(object({ route: string, result: enumOf('matched', 'noMatch', 'notTried'), reason: string })),
    route: nullable('string'),
    rewrittenPath: nullable('string'),
    upstream: nullable('string'),
    stages: listOf(object({ stage: string, outcome, sentence: string })),
    answer: orNull(object({ status: integer, code: string, detail: string })),
  }),
  Upstream: object({
    name: string,
    target: string,
    address: string,
    breaker: breakerState,
    inFlight: integer,
    queued: { ...integer, description: 'Requests that wait for a place' },
    inPanic: { ...boolean, description: 'So few replicas are well that all of them get requests' },
    retriesLeft: integer,
    totals: mapOf(integer),
    replicas: listOf(replica),
  }),
  Breaker: object({
    upstream: string,
    target: string,
    ...breakerSnapshot,
    thresholds: mapOf(number),
    routes: listOf(string),
    replicas: {
      ...listOf(object({ replica: string, ...breakerSnapshot })),
      description: 'Empty for a single replica, whose breaker is that of the upstream',
    },
  }),
  EventLine: {
    anyOf: [
      object({
        type: { const: 'breaker' },
        sequence: integer,
        at: epochMs,
        upstream: string,
        replica: { ...nullable('string'), description: 'null: the breaker of the whole upstream' },
        from: breakerState,
        to: breakerState,
        reason: string,
      }),
      object({
        type: { const: 'replica' },
        sequence: integer,
        at: epochMs,
        upstream: string,
        replica: string,
        reason: string,
      }),
      object({
        type: { const: 'config' },
        sequence: integer,
        at: epochMs,
        origin: historyEntry.origin,
        outcome: enumOf('applied', 'refused'),
        revision: string,
        lines: listOf(string),
      }),
      object({
        type: { const: 'drain' },
        sequence: integer,
        at: epochMs,
        phase: enumOf('leaving', 'draining', 'closed'),
      }),
      object({ type: { const: 'heartbeat' }, resume: string }),
      lost,
      restarted,
    ],
  },
};

const traffic = {
  Stats: object({
    gateway: string,
    version: string,
    startedAt: epochMs,
    at: epochMs,
    inFlight: integer,
    draining: boolean,
    routes: { ...mapOf(counters), description: 'By route id; - holds what matched no route' },
    tap: object({ kept: integer, bytes: integer, capacityBytes: integer, viewers: integer, lost: integer }),
  }),
  Exchange: object(exchange),
  Replayed: object({
    id: { ...nullable('string'), description: 'Of the new exchange; null: it was not seen' },
    status: integer,
    responseBytes: integer,
    durationMs: number,
  }),
  ExchangePage: object({
    exchanges: listOf(ref('Exchange')),
    next: { ...nullable('integer'), description: 'For `before` of the next page; null: there is none' },
  }),
  BodyPreview: object({ contentType: string, text: string, isCut: boolean }),
  ExchangeDetail: object({
    ...exchange,
    canonicalPath: nullable('string'),
    forwardedPath: nullable('string'),
    subject: {
      ...nullable('string'),
      description: 'Who the caller proved to be, as far as auth.recordSubject lets it be kept',
    },
    target: nullable('string'),
    tries: listOf(object({ replica: string, status: nullable('integer'), failure: nullable('string'), ms: number })),
    stages: listOf(object({ stage: string, outcome, sentence: string, startMs: number, durationMs: number })),
    requestHeaders: headers,
    responseHeaders: headers,
    requestBody: orNull(ref('BodyPreview')),
    responseBody: orNull(ref('BodyPreview')),
  }),
  TapLine: {
    anyOf: [
      object({ type: { const: 'exchange' }, exchange: ref('Exchange') }),
      object({
        type: { const: 'heartbeat' },
        stats: object({ kept: integer, bytes: integer, capacityBytes: integer }),
        resume: string,
      }),
      lost,
      restarted,
    ],
  },
};

const limitPolicy = object({
  name: string,
  by: listOf(string),
  stage: string,
  rate: number,
  perSeconds: number,
  burst: number,
  cost: number,
  admitted: integer,
  refused: integer,
  keys: integer,
  forgotten: integer,
  top: listOf(object({ key: string, used: number, freeInMs: number })),
});

const policies = {
  AuthProvider: object({
    provider: string,
    issuer: string,
    source: string,
    keys: integer,
    unused: listOf(string),
    ageMs: nullable('number'),
    failure: nullable('string'),
    retryAfterMs: number,
  }),
  Limits: object({
    store: object({
      kind: enumOf('memory', 'redis'),
      state: enumOf('memory', 'shared', 'fallback'),
      url: nullable('string'),
      since: nullable('number'),
      reason: nullable('string'),
      localDecisions: integer,
    }),
    keyLimit: integer,
    policies: listOf(limitPolicy),
    caps: object({
      connectionsPerIp: nullable('integer'),
      requestsPerIp: nullable('integer'),
      requestsPerUser: nullable('integer'),
      refusedConnections: integer,
      refusedRequests: integer,
    }),
  }),
  LimitReset: object({
    local: boolean,
    shared: { ...nullable('boolean'), description: 'Whether Redis was told; null: none is configured' },
  }),
};

const configProblem = object({
  line: nullable('integer'),
  column: nullable('integer'),
  where: { ...string, description: 'For example routes[2].upstream; empty: the document' },
  message: string,
});

const configuration = {
  ConfigProblem: configProblem,
  ConfigRefusal: object({ ...problem, problems: listOf(ref('ConfigProblem')) }),
  ConfigVerdict: object({ isValid: boolean, revision: nullable('string'), problems: listOf(ref('ConfigProblem')) }),
  HistoryEntry: object(historyEntry),
  AppliedConfig: object(historyEntry),
  Config: object({
    ...historyEntry,
    text: { ...nullable('string'), description: 'null: it was made by a program' },
    effective: { type: 'object', description: 'With every default, secrets masked' },
    file: orNull(
      object({ path: string, isInForce: { ...nullable('boolean'), description: 'null: it cannot be read' } }),
    ),
    lastRefusal: orNull(object({ at: epochMs, origin: historyEntry.origin, problems: listOf(ref('ConfigProblem')) })),
  }),
  ConfigFile: object({ path: string, text: { ...nullable('string'), description: 'null: it cannot be read' } }),
  ConfigDiff: configDiff,
  KeptConfig: object({
    ...historyEntry,
    text: nullable('string'),
    effective: { type: 'object' },
    diff: ref('ConfigDiff'),
  }),
};

export const componentSchemas: Readonly<Record<string, object>> = {
  Problem: { ...object(problem), additionalProperties: true },
  Health: object({ status: enumOf('ok', 'draining') }),
  ...routing,
  ...traffic,
  ...policies,
  ...configuration,
};
