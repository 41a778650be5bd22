// What is hit when services end: who depends on them, which routes end there, and how many requests that is now. Pure.
import { formatWindow, type RouteMetrics, type Topology } from '../../../app/contract/index.ts';
import { formatQuantity, formatRate } from '../../components/format.ts';

export interface HitRoute {
  route: string;
  service: string;
  /** null: not known. */
  requestsPerSecond: number | null;
}

export interface BlastRadius {
  services: string[];
  /** Running services that depend on them, over all steps of the way; those that do so directly first. */
  dependents: { service: string; isDirect: boolean }[];
  /** Routes that end at the services themselves. */
  routes: HitRoute[];
  /** Routes that end at the dependents: what they answer from then on is not known. */
  dependentRoutes: HitRoute[];
  /** Over `routes`; null: not known. */
  requestsPerSecond: number | null;
  windowMs: number | null;
}

type Facts = Pick<Topology, 'services'>;
type Metrics = Pick<RouteMetrics, 'routes' | 'windowMs'>;

/** `metrics` are null where nobody measures. */
export function toBlastRadius(services: readonly string[], topology: Facts, metrics: Metrics | null): BlastRadius {
  const dependents = findDependents(services, topology);
  const routes = findRoutes(services, topology, metrics);
  const known = routes.map(({ requestsPerSecond }) => requestsPerSecond);
  return {
    services: [...services],
    dependents,
    routes,
    dependentRoutes: findRoutes(
      dependents.map(({ service }) => service),
      topology,
      metrics,
    ),
    requestsPerSecond: known.every((rate) => rate !== null) ? known.reduce((sum, rate) => sum + rate, 0) : null,
    windowMs: metrics?.windowMs ?? null,
  };
}

function findDependents(services: readonly string[], { services: all }: Facts): BlastRadius['dependents'] {
  const found = new Map<string, boolean>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { name, dependsOn, containers } of all) {
      if (services.includes(name) || found.has(name)) continue;
      const isDirect = dependsOn.some((one) => services.includes(one.service));
      const isHit = isDirect || dependsOn.some((one) => found.has(one.service));
      // A job that is done needs nobody any more.
      if (isHit && containers.some(({ state }) => state === 'running' || state === 'restarting'))
        found.set(name, isDirect);
    }
  }
  return [...found]
    .map(([service, isDirect]) => ({ service, isDirect }))
    .sort((a, b) => Number(b.isDirect) - Number(a.isDirect) || (a.service < b.service ? -1 : 1));
}

function findRoutes(services: readonly string[], topology: Facts, metrics: Metrics | null): HitRoute[] {
  const rates = new Map(metrics?.routes.map(({ route, requestsPerSecond }) => [route, requestsPerSecond]));
  const hit = topology.services
    .filter(({ name }) => services.includes(name))
    .flatMap(({ name, routes }) =>
      routes.map((route) => ({ route, service: name, requestsPerSecond: rates.get(route) ?? null })),
    );
  return hit.sort((a, b) => (b.requestsPerSecond ?? -1) - (a.requestsPerSecond ?? -1) || (a.route < b.route ? -1 : 1));
}

/** `12.4 requests/s of 1 route end here (last 60 s); 2 other running services depend on it.` */
export function sayBlastRadius(radius: BlastRadius): string {
  const { services, routes, dependents, requestsPerSecond, windowMs } = radius;
  const [here, whom] = services.length === 1 ? ['here', 'it'] : ['at them', 'them'];
  const rate = requestsPerSecond === null ? 'an unknown number of' : formatRate(requestsPerSecond);
  const window = windowMs === null ? '' : ` (last ${formatWindow(windowMs)})`;
  const traffic =
    routes.length === 0
      ? `No route ends ${here}`
      : `${rate} requests/s of ${formatQuantity(routes.length, 'route')} end ${here}${window}`;
  const others =
    dependents.length === 0
      ? `no other running service depends on ${whom}`
      : `${formatQuantity(dependents.length, 'other running service')} ${dependents.length === 1 ? 'depends' : 'depend'} on ${whom}`;
  return `${traffic.slice(0, 1).toUpperCase()}${traffic.slice(1)}; ${others}.`;
}
