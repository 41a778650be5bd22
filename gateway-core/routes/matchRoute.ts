// Does a request fit a route? The same predicate serves the data path and explain.
import type { Route } from '../config/document.ts';

export interface RouteQuestion {
  readonly method: string;
  /** Lower case, without a port; empty when the request has none. */
  readonly hostName: string;
  /** The canonical path. */
  readonly path: string;
}

type RouteCheck =
  | { readonly fits: true; readonly prefix: string }
  | { readonly fits: false; readonly miss: 'path' | 'host' | 'method' };

/** `/ai/search/` and `/ai/search` are the same prefix. */
export function trimPrefix(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}

/** A prefix matches whole segments only: `/ai/search` is not a prefix of `/ai/searches`. */
export function isUnderPrefix(path: string, prefix: string): boolean {
  if (prefix === '/' || path === prefix) return true;
  return path.startsWith(prefix) && path[prefix.length] === '/';
}

function isHostMatch(hostName: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.startsWith('*.') ? hostName.endsWith(pattern.slice(1)) : hostName === pattern,
  );
}

/** Path first, then host, then method, so that a miss by method alone can become a 405. */
function checkRoute(route: Route, question: RouteQuestion): RouteCheck {
  const prefix = findLongestPrefix(route.paths, question.path);
  if (prefix === undefined) return { fits: false, miss: 'path' };
  if (route.hosts && !isHostMatch(question.hostName, route.hosts)) return { fits: false, miss: 'host' };
  if (route.methods && !route.methods.includes(question.method)) return { fits: false, miss: 'method' };
  return { fits: true, prefix };
}

function findLongestPrefix(prefixes: readonly string[], path: string): string | undefined {
  let longest: string | undefined;
  for (const prefix of prefixes) {
    if (isUnderPrefix(path, prefix) && (longest === undefined || prefix.length > longest.length)) longest = prefix;
  }
  return longest;
}

type RouteFinding =
  | { readonly kind: 'found'; readonly route: Route; readonly prefix: string }
  /** The path belongs to routes that take other methods. */
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

/** The first route in order that fits. */
export function findRoute(routes: readonly Route[], question: RouteQuestion): RouteFinding {
  let allowed: Set<string> | undefined;
  for (const route of routes) {
    const check = checkRoute(route, question);
    if (check.fits) return { kind: 'found', route, prefix: check.prefix };
    if (check.miss !== 'method') continue;
    allowed ??= new Set();
    for (const method of route.methods ?? []) allowed.add(method);
  }
  return allowed ? { kind: 'wrongMethod', allowed: [...allowed] } : { kind: 'none' };
}

export interface RouteTrial {
  readonly route: string;
  readonly result: 'matched' | 'noMatch' | 'notTried';
  readonly reason: string;
}

/** What findRoute did, route by route, in words. */
export function describeTrials(routes: readonly Route[], question: RouteQuestion): RouteTrial[] {
  let found: string | undefined;
  return routes.map((route): RouteTrial => {
    if (found !== undefined) return { route: route.id, result: 'notTried', reason: `${found} matched before it` };
    const check = checkRoute(route, question);
    if (check.fits) {
      found = route.id;
      return { route: route.id, result: 'matched', reason: `${question.path} is under ${check.prefix}` };
    }
    return { route: route.id, result: 'noMatch', reason: describeMiss(route, question, check.miss) };
  });
}

function describeMiss(route: Route, question: RouteQuestion, miss: 'path' | 'host' | 'method'): string {
  if (miss === 'path') return `${question.path} is not under ${route.paths.join(' or ')}`;
  if (miss === 'host') return `the host ${question.hostName || '(none)'} is not ${route.hosts?.join(' or ')}`;
  return `the method ${question.method} is not ${route.methods?.join(' or ')}`;
}

/** The pattern by which the route took the path: what names a group of requests without naming one of them. */
export function toRoutePattern(route: Route, path: string): string {
  return toPattern(findLongestPrefix(route.paths, path) ?? route.paths[0] ?? '/');
}

export function toPattern(prefix: string): string {
  return prefix === '/' ? '/*' : `${prefix}/*`;
}
