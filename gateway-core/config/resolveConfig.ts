// Fills in defaults. Takes a document that has passed every check.
import { createHash } from 'node:crypto';
import { resolveFallback } from '../fallback/fallbackSection.ts';
import { resolveRetry } from '../retry/retrySection.ts';
import { trimPrefix } from '../routes/matchRoute.ts';
import { orderRoutes } from '../routes/routeOrder.ts';
import { resolveUpstream, type Upstream } from '../upstream/upstreamSection.ts';
import type { ConfigDocument, GatewayConfig, Route, RouteDocument } from './document.ts';

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const TAP = { capacityBytes: 16 * 1024 * 1024, slowMs: 1_000 };

/** The narrower wins: route over upstream over the document's defaults over ours. */
export function resolveConfig(document: ConfigDocument): GatewayConfig {
  const upstreams = Object.entries(document.upstreams).map(([name, upstream]) =>
    resolveUpstream(name, upstream, document.defaults),
  );
  const byName = new Map(upstreams.map((upstream) => [upstream.name, upstream]));
  const routes = orderRoutes(document.routes).map(({ route, reason }) => resolveRoute(document, route, reason, byName));
  const config = {
    listen: { host: document.listen?.host ?? '0.0.0.0', port: document.listen?.port ?? 8080 },
    upstreams,
    routes,
    trustedProxies: document.trustedProxies ?? [],
    redact: (document.redact ?? []).map((header) => header.toLowerCase()),
    tap: { ...TAP, ...document.tap },
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
    retry: resolveRetry(document.defaults?.retry, route.retry),
    fallback: resolveFallback(route.fallback),
    orderReason,
  };
}
