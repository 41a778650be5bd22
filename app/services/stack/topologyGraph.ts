// The graph around the services: networks and edges.
import type { Service, Topology } from '../../contract/index.ts';
import type { TopologyFacts } from './toTopology.ts';

type Network = Topology['networks'][number];
type Edge = Topology['edges'][number];

/** `shop-platform_ai_network` → `ai_network`; a network of someone else keeps its name. */
export function toNetworkName(name: string, facts: TopologyFacts): string {
  const known = facts.observed?.networks.find((network) => network.name === name);
  if (known?.project === facts.project && known.composeName) return known.composeName;
  const prefix = `${facts.project}_`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

export function toNetworks(services: readonly Service[], facts: TopologyFacts): Network[] {
  const observed = new Map(
    (facts.observed?.networks ?? [])
      .filter((network) => network.project === facts.project)
      .map((network) => [toNetworkName(network.name, facts), network]),
  );
  const names = new Set([
    ...observed.keys(),
    ...Object.keys(facts.declared?.networks ?? {}),
    ...services.flatMap(({ networks }) => networks),
  ]);
  const others = facts.observed?.networks ?? [];
  return [...names].sort().map((name) => {
    const network = observed.get(name) ?? others.find((other) => other.name === name);
    return {
      name,
      // Processes on loopback are not kept apart by a network, whatever the sandbox answers.
      internal: facts.observed?.engine.isSandbox ? null : (network?.internal ?? null),
      services: services.filter((service) => service.networks.includes(name)).map((service) => service.name),
    };
  });
}

/** Declared dependencies, and the ways that routes take from the gateway. */
export function toEdges(services: readonly Service[]): Edge[] {
  const names = new Set(services.map(({ name }) => name));
  const declared = services.flatMap((service) =>
    service.dependsOn
      .filter(({ service: target }) => names.has(target))
      .map(({ service: target }): Edge => ({ from: service.name, to: target, kind: 'declared', routes: [] })),
  );
  const gateway = services.find(({ kind }) => kind === 'gateway');
  if (!gateway) return declared;
  const routed = services
    .filter(({ routes }) => routes.length > 0)
    .map((service): Edge => ({ from: gateway.name, to: service.name, kind: 'route', routes: service.routes }));
  return [...declared, ...routed];
}
