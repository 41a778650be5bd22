// Fills in defaults. Takes a document that has passed every check.
import { createHash } from 'node:crypto';
import { type AuthConfig, resolveAuth, resolveRouteAuth } from '../auth/authSection.ts';
import { resolveForwarding, resolveHeaders } from '../headers/headersSection.ts';
import { resolveLimits, resolveRouteLimits } from '../limits/limitsSection.ts';
import { trimPrefix } from '../routes/pathPattern.ts';
import { orderRoutes } from '../routes/routeOrder.ts';
import { resolveRedirect, toOrderable } from '../routes/routesSection.ts';
import { resolveDrain } from '../server/drainSection.ts';
import { resolveServer } from '../server/serverSection.ts';
import { resolveTap } from '../tap/tapSection.ts';
import { resolveTelemetry } from '../telemetry/telemetrySection.ts';
import { resolveWebsocket } from '../transport/upgradeSection.ts';
import { resolveRouteValidation, resolveValidation } from '../validation/validationSection.ts';
import type {
  BreakerThresholds,
  ConfigDocument,
  GatewayConfig,
  Redirect,
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
  const auth = resolveAuth(document.auth);
  const { routes, redirects } = resolveRoutes(document, byName, auth);
  const config = {
    listen: { host: document.listen?.host ?? '0.0.0.0', port: document.listen?.port ?? 8080 },
    upstreams,
    routes,
    redirects,
    auth,
    limits: resolveLimits(document),
    validation: resolveValidation(document),
    server: resolveServer(document.server),
    trustedProxies: document.trustedProxies ?? [],
    redact: (document.redact ?? []).map((header) => header.toLowerCase()),
    drain: resolveDrain(document.drain),
    tap: resolveTap(document.tap),
    telemetry: resolveTelemetry(document.telemetry),
  };
  const text = JSON.stringify([config, document.forwarding ?? null]);
  const revision = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { revision, ...config, forwarding: resolveForwarding(document.forwarding, revision) };
}

function resolveRoutes(document: ConfigDocument, upstreams: ReadonlyMap<string, Upstream>, auth: AuthConfig) {
  const routes: Route[] = [];
  const redirects: Redirect[] = [];
  orderRoutes(document.routes.map(toOrderable)).forEach(({ route: orderable, reason }, index) => {
    const { document: route, ...match } = orderable;
    const matched = { ...match, order: index + 1, orderReason: reason };
    if (route.redirect) redirects.push({ ...matched, redirect: resolveRedirect(route.redirect) });
    else
      routes.push({
        ...matched,
        ...resolveRoute(document, route, upstreams),
        auth: resolveRouteAuth(route.auth, auth),
      });
  });
  return { routes, redirects };
}

function resolveRoute(
  document: ConfigDocument,
  route: RouteDocument,
  upstreams: ReadonlyMap<string, Upstream>,
): Omit<Route, keyof Redirect | 'auth'> {
  const upstream = upstreams.get(route.upstream ?? '');
  if (!upstream) throw new Error(`route "${route.id}" names the unknown upstream "${route.upstream}"`);
  return {
    upstream,
    rewritePrefix: route.rewrite?.prefix === undefined ? null : trimPrefix(route.rewrite.prefix),
    rewriteTemplate: route.rewrite?.path ?? null,
    headers: resolveHeaders(document.defaults?.headers, route.headers),
    websocket: resolveWebsocket(document.defaults?.websocket, route.websocket),
    bodyLimitBytes: route.bodyLimitBytes ?? document.defaults?.bodyLimitBytes ?? BODY_LIMIT_BYTES,
    timeouts: { ...upstream.timeouts, ...route.timeouts },
    limits: resolveRouteLimits(document, route),
    validate: resolveRouteValidation(route.validate),
  };
}
