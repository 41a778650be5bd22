// The platform as a graph, from what the engine says, what the compose file says and what the gateway says.
// Pure: a list of small decorators over one draft a service.
import type { Breaker, Route, Service, Topology } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import type { Service as ComposeService, Project } from './compose/project.ts';
import { parseDependsOnLabel, toShownDependencies } from './dependsOnLabel.ts';
import { findServiceKind } from './serviceKind.ts';
import { judgeService } from './serviceLevel.ts';
import { toEdges, toNetworkName, toNetworks } from './topologyGraph.ts';

export interface TopologyFacts {
  environment: string;
  project: string;
  /** undefined: the engine has not answered yet, or there is none. */
  observed: Observed | undefined;
  /** The engine is lost: what was observed is history, and no level is known. */
  isStale: boolean;
  /** The compose file, where one was opened. */
  declared: Project | null;
  /** What the gateway says now; null when nobody says it. */
  gateway: { routes: readonly Route[]; breakers: readonly Breaker[] } | null;
  now: number;
}

export interface ServiceFacts {
  facts: TopologyFacts;
  name: string;
  containers: readonly ObservedContainer[];
  declared: ComposeService | undefined;
}

type Decorator = (service: Service, from: ServiceFacts) => Service;

const decorators: readonly Decorator[] = [
  withImage,
  withKind,
  withDependencies,
  withLevel,
  withNetworks,
  withPorts,
  withStandIn,
  withRoutes,
  withBreaker,
];

export function toTopology(facts: TopologyFacts): Topology {
  const byService = containersByService(facts);
  const declared = new Map(Object.entries(facts.declared?.services ?? {}));
  const names = [...new Set([...declared.keys(), ...byService.keys()])].sort();
  const services = names.map((name) => {
    const containers = byService.get(name) ?? [];
    const from = { facts, name, containers, declared: declared.get(name) };
    return decorators.reduce((service, decorate) => decorate(service, from), emptyService(name, containers));
  });
  return {
    environment: facts.environment,
    at: facts.observed?.at ?? facts.now,
    services: withAwaited(services, byService, facts),
    networks: toNetworks(services, facts),
    edges: toEdges(services),
  };
}

function containersByService(facts: TopologyFacts): Map<string, ObservedContainer[]> {
  const byService = new Map<string, ObservedContainer[]>();
  for (const container of facts.observed?.containers.values() ?? []) {
    if (!container.service || container.oneOff) continue;
    const group = byService.get(container.service) ?? [];
    group.push(container);
    byService.set(container.service, group);
  }
  for (const group of byService.values()) group.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return byService;
}

function emptyService(name: string, containers: readonly ObservedContainer[]): Service {
  return {
    name,
    kind: 'app',
    level: 'unknown',
    statusText: '',
    image: '',
    networks: [],
    ports: [],
    dependsOn: [],
    containers: containers.map(toContainer),
    standInFor: null,
    routes: [],
    breaker: null,
  };
}

function toContainer(container: ObservedContainer): Service['containers'][number] {
  const { id, name, state, health, probes, startedAt, finishedAt, exitCode, outOfMemory, restarts, image, imageId } =
    container;
  return { id, name, state, health, probes, startedAt, finishedAt, exitCode, outOfMemory, restarts, image, imageId };
}

function withImage(service: Service, { containers, declared }: ServiceFacts): Service {
  return { ...service, image: containers[0]?.image ?? declared?.image ?? '' };
}

function withKind(service: Service): Service {
  return { ...service, kind: findServiceKind(service.name, service.image) };
}

/** What runs counts; the file stands in for what was not created. */
function withDependencies(service: Service, { containers, declared }: ServiceFacts): Service {
  const label = containers[0]?.labels['com.docker.compose.depends_on'];
  if (label !== undefined) return { ...service, dependsOn: parseDependsOnLabel(label) };
  return { ...service, dependsOn: declared ? toShownDependencies(declared) : [] };
}

function withLevel(service: Service, { facts, containers }: ServiceFacts): Service {
  const { level, text } = judgeService({ containers, isAwaited: false });
  return facts.isStale
    ? { ...service, level: 'unknown', statusText: `last seen: ${text}` }
    : { ...service, level, statusText: text };
}

/** Whether someone waits for a service's end is known only when all services are drafted. */
function withAwaited(
  services: readonly Service[],
  byService: ReadonlyMap<string, readonly ObservedContainer[]>,
  facts: TopologyFacts,
): Service[] {
  const awaited = new Set(
    services.flatMap(({ dependsOn }) =>
      dependsOn.filter(({ condition }) => condition === 'completed').map(({ service }) => service),
    ),
  );
  return services.map((service) => {
    if (facts.isStale || !awaited.has(service.name)) return service;
    const { level, text } = judgeService({ containers: byService.get(service.name) ?? [], isAwaited: true });
    return { ...service, level, statusText: text };
  });
}

function withNetworks(service: Service, { facts, containers, declared }: ServiceFacts): Service {
  const observed = containers.flatMap(({ networks }) => networks.map(({ name }) => toNetworkName(name, facts)));
  const names = containers.length > 0 ? observed : Object.keys(declared?.networks ?? {});
  return { ...service, networks: [...new Set(names)] };
}

function withPorts(service: Service, { containers, declared }: ServiceFacts): Service {
  if (containers.length > 0) return { ...service, ports: uniquePorts(containers.flatMap(({ ports }) => ports)) };
  // Not bound: the file says where they would be, and that is not an observation.
  const said = [
    ...(declared?.ports ?? []).map(({ target, protocol }) => `${target}/${protocol}`),
    ...(declared?.expose ?? []),
  ];
  return { ...service, ports: uniquePorts(said.flatMap(toUnboundPorts)) };
}

/** `80`, `53/udp` or `90-92`. A range of all ports would be no list to look at. */
function toUnboundPorts(written: string): Service['ports'] {
  const [, first = '', last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(written) ?? [];
  const count = first === '' ? 0 : Math.min(Number(last) - Number(first) + 1, 100);
  return Array.from({ length: Math.max(count, 0) }, (_, at) => ({
    containerPort: Number(first) + at,
    protocol: protocol as 'tcp' | 'udp' | 'sctp',
    hostIp: null,
    hostPort: null,
  }));
}

function uniquePorts(ports: readonly Service['ports'][number][]): Service['ports'] {
  const byKey = new Map(ports.map((port) => [JSON.stringify(port), port]));
  return [...byKey.values()].sort(
    (a, b) => a.containerPort - b.containerPort || ((a.hostIp ?? '') < (b.hostIp ?? '') ? -1 : 1),
  );
}

/** Only an engine that says it is a sandbox has stand-ins; elsewhere the label would be a claim of the image. */
function withStandIn(service: Service, { facts, containers }: ServiceFacts): Service {
  if (!facts.observed?.engine.isSandbox) return service;
  return { ...service, standInFor: containers[0]?.labels['gatehouse.stand-in']?.slice(0, 64) ?? null };
}

function withRoutes(service: Service, { facts }: ServiceFacts): Service {
  const routes = facts.gateway?.routes.filter((route) => isTarget(route.target, service)) ?? [];
  return { ...service, routes: routes.map(({ id }) => id) };
}

function withBreaker(service: Service, { facts }: ServiceFacts): Service {
  const states = facts.gateway?.breakers
    .filter((breaker) => isTarget(breaker.target, service))
    .map(({ state }) => state);
  if (!states || states.length === 0) return service;
  const worst = (['open', 'half-open', 'closed'] as const).find((state) => states.includes(state));
  return { ...service, breaker: worst ?? null };
}

/** A target such as `http://search:8002` names the service it ends at. */
function isTarget(target: string, service: Service): boolean {
  return URL.canParse(target) && new URL(target).hostname === service.name.toLowerCase();
}
