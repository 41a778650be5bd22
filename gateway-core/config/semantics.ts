// What a JSON Schema cannot say about a configuration: names that must exist, things that must not be there twice.
import { findBreakerFaults } from '../breaker/breakerSection.ts';
import { findFallbackFaults } from '../fallback/fallbackSection.ts';
import { isCidr } from '../headers/trustedProxies.ts';
import { findOutlierFaults } from '../health/healthSection.ts';
import { canonicalisePath } from '../path/canonicalPath.ts';
import { findRetryFaults } from '../retry/retrySection.ts';
import { isReservedPath } from '../routes/reservedPaths.ts';
import { findOrderFaults } from '../routes/routeOrder.ts';
import { findUpstreamFaults } from '../upstream/upstreamSection.ts';
import type { ConfigDocument, RouteDocument } from './document.ts';
import type { DocumentPath } from './loadConfig.ts';

export interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Every fault, in the order of the document; empty when it is consistent. */
export function findSemanticFaults(document: ConfigDocument): Fault[] {
  const faults = [
    ...findPolicyFaults(document),
    ...document.routes.flatMap((route, index) => findRouteFaults(document, route, index)),
    ...(document.trustedProxies ?? []).flatMap((cidr, index) =>
      isCidr(cidr)
        ? []
        : [{ path: ['trustedProxies', index], message: `"${cidr}" is not an address or CIDR, for example 10.0.0.0/8` }],
    ),
  ];
  // The order can only be worked out when the routes themselves are right.
  return faults.length > 0 ? faults : findOrderFaults(document.routes);
}

function findPolicyFaults({ upstreams, defaults }: ConfigDocument): Fault[] {
  return [
    ...findBreakerFaults(defaults?.breaker, ['defaults', 'breaker']),
    ...findOutlierFaults(defaults?.outlier, ['defaults', 'outlier']),
    ...findRetryFaults(defaults?.retry, ['defaults', 'retry']),
    ...Object.entries(upstreams).flatMap(([name, upstream]) => findUpstreamFaults(name, upstream)),
  ];
}

function findRouteFaults(document: ConfigDocument, route: RouteDocument, index: number): Fault[] {
  const faults: Fault[] = [];
  const at = (...rest: (string | number)[]): DocumentPath => ['routes', index, ...rest];
  const first = document.routes.findIndex((other) => other.id === route.id);
  if (first < index)
    faults.push({ path: at('id'), message: `the id "${route.id}" is taken by routes[${first}]; ids are unique` });
  if (!Object.hasOwn(document.upstreams, route.upstream)) {
    const known = Object.keys(document.upstreams).join(', ');
    faults.push({
      path: at('upstream'),
      message: `route "${route.id}" names the upstream "${route.upstream}", which is not under upstreams; known are ${known}`,
    });
  }
  route.paths.forEach((path, position) => {
    const message = findPrefixFault(path);
    if (message !== undefined) faults.push({ path: at('paths', position), message });
    else if (isReservedPath(path))
      faults.push({ path: at('paths', position), message: `"${path}" is answered by the gateway itself; use another` });
  });
  const rewrite = route.rewrite && findPrefixFault(route.rewrite.prefix);
  if (rewrite !== undefined) faults.push({ path: at('rewrite', 'prefix'), message: rewrite });
  faults.push(...findRetryFaults(route.retry, at('retry')), ...findFallbackFaults(route.fallback, at('fallback')));
  return faults;
}

/** Requests are matched in canonical form, so a prefix in any other form could never match. */
function findPrefixFault(prefix: string): string | undefined {
  if (/[*{?#]/.test(prefix)) return `"${prefix}" is a pattern; write the prefix alone, everything below it matches`;
  const canonical = canonicalisePath(prefix);
  if (!canonical.ok) return `"${prefix}" is not a path that a request can have: ${canonical.detail}`;
  if (canonical.path !== prefix) return `"${prefix}" would never match; write it as "${canonical.path}"`;
  return undefined;
}
