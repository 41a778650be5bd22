// What a JSON Schema cannot say about a configuration: names that must exist, things that must not be there twice.
import { findAuthFaults, findIdentityRuleFaults, findRouteAuthFaults } from '../auth/authFaults.ts';
import { findBreakerFaults } from '../breaker/breakerSection.ts';
import { findFallbackFaults } from '../fallback/fallbackSection.ts';
import { findHeadersFaults } from '../headers/headersSection.ts';
import { isCidr } from '../headers/trustedProxies.ts';
import { findOutlierFaults } from '../health/healthSection.ts';
import { findLimitFaults } from '../limits/limitsSection.ts';
import { findRetryFaults } from '../retry/retrySection.ts';
import { findRouteFaults, findRouteOrderFaults } from '../routes/routeFaults.ts';
import { findServerFaults } from '../server/serverSection.ts';
import { findTelemetryFaults } from '../telemetry/telemetrySection.ts';
import { findUpstreamFaults } from '../upstream/upstreamSection.ts';
import { findValidationFaults } from '../validation/validationSection.ts';
import type { ConfigDocument } from './document.ts';
import type { DocumentPath } from './loadConfig.ts';

export interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Every fault, in the order of the document; empty when it is consistent. */
export function findSemanticFaults(document: ConfigDocument): Fault[] {
  const faults = [
    ...findPolicyFaults(document),
    ...findRouteFaults(document),
    ...findServerFaults(document.server),
    ...findHeadersFaults(document.defaults?.headers).map(under('defaults', 'headers')),
    ...findIdentityRuleFaults(document.defaults?.headers, document.auth).map(under('defaults', 'headers')),
    ...document.routes.flatMap((route, index) => [
      ...findHeadersFaults(route.headers).map(under('routes', index, 'headers')),
      ...findIdentityRuleFaults(route.headers, document.auth).map(under('routes', index, 'headers')),
      ...findRouteAuthFaults(route, document.auth).map(under('routes', index)),
      ...findRetryFaults(route.retry, ['routes', index, 'retry']),
      ...findFallbackFaults(route.fallback, ['routes', index, 'fallback']),
    ]),
    ...findAuthFaults(document.auth),
    ...findLimitFaults(document),
    ...findValidationFaults(document),
    ...(document.trustedProxies ?? []).flatMap((cidr, index) =>
      isCidr(cidr)
        ? []
        : [{ path: ['trustedProxies', index], message: `"${cidr}" is not an address or CIDR, for example 10.0.0.0/8` }],
    ),
    ...findTelemetryFaults(document.telemetry),
  ];
  // The order can only be worked out when the routes themselves are right.
  return faults.length > 0 ? faults : findRouteOrderFaults(document.routes);
}

/** Puts the place of a section before a fault's place in it. */
function under(...prefix: (string | number)[]) {
  return ({ path, message }: Fault): Fault => ({ path: [...prefix, ...path], message });
}

function findPolicyFaults({ upstreams, defaults }: ConfigDocument): Fault[] {
  return [
    ...findBreakerFaults(defaults?.breaker, ['defaults', 'breaker']),
    ...findOutlierFaults(defaults?.outlier, ['defaults', 'outlier']),
    ...findRetryFaults(defaults?.retry, ['defaults', 'retry']),
    ...Object.entries(upstreams).flatMap(([name, upstream]) => findUpstreamFaults(name, upstream)),
  ];
}
