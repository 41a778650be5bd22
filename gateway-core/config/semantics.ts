// What a JSON Schema cannot say about a configuration: names that must exist, things that must not be there twice.
import { findAuthFaults, findIdentityRuleFaults, findRouteAuthFaults } from '../auth/authFaults.ts';
import { findHeadersFaults } from '../headers/headersSection.ts';
import { isCidr } from '../headers/trustedProxies.ts';
import { findLimitFaults } from '../limits/limitsSection.ts';
import { findRouteFaults, findRouteOrderFaults } from '../routes/routeFaults.ts';
import { findServerFaults } from '../server/serverSection.ts';
import { findTelemetryFaults } from '../telemetry/telemetrySection.ts';
import { findValidationFaults } from '../validation/validationSection.ts';
import type { ConfigDocument } from './document.ts';
import type { DocumentPath } from './loadConfig.ts';

interface Fault {
  readonly path: DocumentPath;
  readonly message: string;
}

/** Every fault, in the order of the document; empty when it is consistent. */
export function findSemanticFaults(document: ConfigDocument): Fault[] {
  const faults = [
    ...findUpstreamFaults(document),
    ...findRouteFaults(document),
    ...findServerFaults(document.server),
    ...findHeadersFaults(document.defaults?.headers).map(under('defaults', 'headers')),
    ...findIdentityRuleFaults(document.defaults?.headers, document.auth).map(under('defaults', 'headers')),
    ...document.routes.flatMap((route, index) => [
      ...findHeadersFaults(route.headers).map(under('routes', index, 'headers')),
      ...findIdentityRuleFaults(route.headers, document.auth).map(under('routes', index, 'headers')),
      ...findRouteAuthFaults(route, document.auth).map(under('routes', index)),
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

function findUpstreamFaults(document: ConfigDocument): Fault[] {
  return Object.entries(document.upstreams).flatMap(([name, upstream]) => {
    const message = findUrlFault(upstream.url);
    return message === undefined ? [] : [{ path: ['upstreams', name, 'url'], message }];
  });
}

function findUrlFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return `"${text}" is not a URL; write it as http://name:port`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `"${text}" has the scheme ${url.protocol.slice(0, -1)}; only http and https are forwarded to`;
  if (url.username !== '' || url.password !== '')
    return `"${url.host}" carries a name and password in its URL; remove them`;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return `"${text}" has a path or query; an upstream is only an address, so put the path in the route's rewrite.prefix`;
  return undefined;
}
