// The routing table as an operator reads it: in order, each route as a sentence.
import type { GatewayConfig, Route } from '../config/document.ts';
import { stages } from '../stages/stages.ts';
import { toPattern } from './matchRoute.ts';

export interface RouteTable {
  revision: string;
  loadedAt: number;
  listener: string;
  stages: string[];
  routes: RouteRow[];
}

export interface RouteRow {
  id: string;
  order: number;
  paths: string[];
  methods: string[] | null;
  hosts: string[] | null;
  upstream: string;
  target: string;
  rewriteTo: string;
  bodyLimitBytes: number;
  timeoutMs: number;
  sentence: string;
  orderReason: string;
}

/** `loadedAt` is the epoch ms at which the configuration came into force. */
export function buildRouteTable(config: GatewayConfig, loadedAt: number = Date.now()): RouteTable {
  const listener = `${config.listen.host}:${config.listen.port}`;
  return {
    revision: config.revision,
    loadedAt,
    listener,
    stages: stages.map((stage) => stage.name),
    routes: config.routes.map((route, index) => toRow(route, index + 1, listener)),
  };
}

function toRow(route: Route, order: number, listener: string): RouteRow {
  const paths = route.paths.map(toPattern);
  const rewriteTo = route.rewritePrefix === null ? 'unchanged' : toDirectory(route.rewritePrefix);
  return {
    id: route.id,
    order,
    paths,
    methods: route.methods && [...route.methods],
    hosts: route.hosts && [...route.hosts],
    upstream: route.upstream.name,
    target: route.upstream.origin,
    rewriteTo,
    bodyLimitBytes: route.bodyLimitBytes,
    timeoutMs: route.timeouts.totalMs,
    sentence: [
      listener,
      [route.methods?.join('/'), paths.join(', '), route.hosts && `on ${route.hosts.join(', ')}`]
        .filter(Boolean)
        .join(' '),
      `body ≤ ${toSize(route.bodyLimitBytes)}, breaker ${route.upstream.name}`,
      `${route.upstream.origin}${rewriteTo === 'unchanged' ? ' (path unchanged)' : `${rewriteTo}*`}`,
    ].join(' → '),
    orderReason: route.orderReason,
  };
}

function toDirectory(prefix: string): string {
  return prefix === '/' ? '/' : `${prefix}/`;
}

function toSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}
