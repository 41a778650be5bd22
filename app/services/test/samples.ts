// Plain data of the right shape for table tests; a test states only what it is about.
import type {
  Breaker,
  Connection,
  Exchange,
  GatewayStats,
  Route,
  RouteCounters,
  Service,
} from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';

export const now = Date.parse('2026-03-01T12:00:00Z');

export function container(given: Partial<ObservedContainer> = {}): ObservedContainer {
  const service = given.service === undefined ? 'api' : given.service;
  return {
    id: `id-${given.name ?? service}`,
    name: `shop-${service}-1`,
    project: 'shop',
    service,
    oneOff: false,
    labels: {},
    state: 'running',
    health: 'healthy',
    hasHealthCheck: true,
    probes: [],
    startedAt: now - 60_000,
    finishedAt: null,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    image: 'shop/api:1',
    imageId: 'sha256:1',
    restartPolicy: 'unless-stopped',
    limits: { cpus: null, memoryBytes: null },
    networks: [],
    ports: [],
    tty: false,
    ...given,
  };
}

export function observed(containers: readonly ObservedContainer[], given: Partial<Observed> = {}): Observed {
  return {
    at: now,
    engine: { name: 'engine', version: '28.2', isSandbox: false },
    networks: [],
    containers: new Map(containers.map((one) => [one.id, one])),
    ...given,
  };
}

export function service(name: string, given: Partial<Service> = {}): Service {
  const { probes, ...rest } = container({ service: name });
  const { id, state, health, startedAt, finishedAt, exitCode, outOfMemory, restarts, image, imageId } = rest;
  return {
    name,
    kind: 'app',
    level: 'ok',
    statusText: 'healthy',
    image: 'shop/app:1',
    networks: [],
    ports: [],
    dependsOn: [],
    containers: [
      {
        id,
        name: rest.name,
        state,
        health,
        probes,
        startedAt,
        finishedAt,
        exitCode,
        outOfMemory,
        restarts,
        image,
        imageId,
      },
    ],
    standInFor: null,
    routes: [],
    breaker: null,
    ...given,
  };
}

export function breaker(upstream: string, given: Partial<Breaker> = {}): Breaker {
  return {
    upstream,
    target: `http://${upstream}:8000`,
    state: 'closed',
    since: now - 41_000,
    nextTrialAt: null,
    window: { requests: 0, failures: 0 },
    thresholds: {
      windowMs: 10_000,
      minimumRequests: 10,
      failureShare: 0.4,
      consecutiveConnectFailures: 5,
      openMs: 10_000,
      halfOpenTrials: 2,
    },
    refused: 0,
    transitions: [],
    routes: [upstream],
    ...given,
  };
}

export function route(id: string, target: string): Route {
  return {
    id,
    order: 1,
    paths: [`/${id}/*`],
    methods: null,
    hosts: null,
    upstream: id,
    target,
    rewriteTo: '/',
    bodyLimitBytes: 1,
    timeoutMs: 1,
    sentence: '',
    orderReason: '',
  };
}

export function connection(source: Connection['source'], state: Connection['state']): Connection {
  const problem =
    state === 'lost' || state === 'absent'
      ? {
          code: 'engine-unreachable' as const,
          message: `The ${source} is ${state}.`,
          remedy: `Bring the ${source} back.`,
        }
      : null;
  return { source, state, lastSeenAt: state === 'connecting' ? null : now - 5000, detail: `${source} detail`, problem };
}

export function counters(
  given: Partial<Omit<RouteCounters, 'status'>> & { ok?: number; failed?: number } = {},
): RouteCounters {
  const { ok = 0, failed = 0, ...rest } = given;
  return {
    requests: ok + failed,
    status: { '1xx': 0, '2xx': ok, '3xx': 0, '4xx': 0, '5xx': failed, aborted: 0 },
    limited: 0,
    refused: 0,
    upstreamFailures: failed,
    latency: { boundsMs: [10, 100], counts: [ok, failed, 0] },
    ...rest,
  };
}

export function stats(at: number, routes: GatewayStats['routes'], given: Partial<GatewayStats> = {}): GatewayStats {
  return {
    gateway: 'one',
    version: '1',
    startedAt: now - 60_000,
    at,
    inFlight: 0,
    draining: false,
    routes,
    tap: { kept: 0, bytes: 0, capacityBytes: 0, viewers: 0, lost: 0 },
    ...given,
  };
}

export function exchange(sequence: number, given: Partial<Exchange> = {}): Exchange {
  return {
    id: `one-${sequence}`,
    sequence,
    gateway: 'one',
    at: now,
    method: 'GET',
    host: 'shop',
    path: '/api/ai/search/query/',
    route: 'ai-search',
    upstream: 'search:8002',
    status: 200,
    code: null,
    note: null,
    durationMs: 5,
    upstreamMs: 4,
    requestBytes: 0,
    responseBytes: 10,
    client: '127.0.0.1',
    protocol: 'http',
    traceId: '0'.repeat(32),
    breaker: 'closed',
    demo: false,
    ...given,
  };
}
