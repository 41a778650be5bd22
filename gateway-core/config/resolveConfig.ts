// Fills in defaults. Takes a document that has passed every check.
import { createHash } from 'node:crypto';
import { trimPrefix } from '../routes/matchRoute.ts';
import { orderRoutes } from '../routes/routeOrder.ts';
import { resolveDrain } from '../server/drainSection.ts';
import { resolveTap } from '../tap/tapSection.ts';
import { resolveTelemetry } from '../telemetry/telemetrySection.ts';
import type {
  BreakerThresholds,
  ConfigDocument,
  GatewayConfig,
  Route,
  RouteDocument,
  Timeouts,
  Upstream,
} from './document.ts';

const TIMEOUTS: Timeouts = { connectMs: 2_000, responseHeaderMs: 15_000, idleMs: 30_000, totalMs: 60_000 };
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const BREAKER: BreakerThresholds = {
  windowMs: 10_000,
  minimumRequests: 10,
  failureShare: 0.4,
  consecutiveConnectFailures: 5,
  openMs: 10_000,
  halfOpenTrials: 2,
};

/** The narrower wins: route over upstream over the document's defaults over ours. */
export function resolveConfig(document: ConfigDocument): GatewayConfig {
  const upstreams = Object.entries(document.upstreams).map(([name, upstream]): Upstream => {
    const url = new URL(upstream.url);
    const secure = url.protocol === 'https:';
    return {
      name,
      origin: url.origin,
      authority: `${url.hostname}:${url.port || (secure ? '443' : '80')}`,
      secure,
      timeouts: { ...TIMEOUTS, ...document.defaults?.timeouts, ...upstream.timeouts },
      breaker: { ...BREAKER, ...document.defaults?.breaker, ...upstream.breaker },
    };
  });
  const byName = new Map(upstreams.map((upstream) => [upstream.name, upstream]));
  const routes = orderRoutes(document.routes).map(({ route, reason }) => resolveRoute(document, route, reason, byName));
  const config = {
    listen: { host: document.listen?.host ?? '0.0.0.0', port: document.listen?.port ?? 8080 },
    upstreams,
    routes,
    trustedProxies: document.trustedProxies ?? [],
    redact: (document.redact ?? []).map((header) => header.toLowerCase()),
    drain: resolveDrain(document.drain),
    tap: resolveTap(document.tap),
    telemetry: resolveTelemetry(document.telemetry),
  };
  const revision = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 12);
  return { revision, ...config };
}

function resolveRoute(
  document: ConfigDocument,
  route: RouteDocument,
  orderReason: string,
  upstreams: ReadonlyMap<string, Upstream>,
): Route {
  const upstream = upstreams.get(route.upstream);
  if (!upstream) throw new Error(`route "${route.id}" names the unknown upstream "${route.upstream}"`);
  return {
    id: route.id,
    paths: route.paths.map(trimPrefix),
    methods: route.methods ?? null,
    hosts: route.hosts?.map((host) => host.toLowerCase()) ?? null,
    upstream,
    rewritePrefix: route.rewrite ? trimPrefix(route.rewrite.prefix) : null,
    bodyLimitBytes: route.bodyLimitBytes ?? document.defaults?.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    timeouts: { ...upstream.timeouts, ...route.timeouts },
    orderReason,
  };
}
