// Which box of "Services by network" a service stands in. Pure.
import type { Service, Topology } from '../../../app/contract/index.ts';

export interface NetworkGroup {
  name: string;
  services: { service: Service; others: string[] }[];
}

/**
 * A service on several networks stands in the one that says most about it: not the one for metrics, which all may join,
 * and then the smallest. The edge's network comes first, the one for metrics last.
 */
export function toNetworkGroups({ services, networks }: Pick<Topology, 'services' | 'networks'>): NetworkGroup[] {
  const sizes = new Map(networks.map((network) => [network.name, network.services.length]));
  const observing = new Set(
    services.filter((service) => service.kind === 'metrics').flatMap((service) => service.networks),
  );
  const edges = new Set(services.filter((service) => service.kind === 'edge').flatMap((service) => service.networks));
  const rank = (name: string) => (edges.has(name) ? 0 : observing.has(name) ? 2 : 1);

  const groups = new Map<string, NetworkGroup>();
  const ordered = networks.map((network) => network.name).toSorted((a, b) => rank(a) - rank(b));
  for (const name of ordered) groups.set(name, { name, services: [] });
  for (const service of services) {
    const candidates = service.networks.toSorted(
      (a, b) => Number(observing.has(a)) - Number(observing.has(b)) || (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0),
    );
    const primary = candidates[0] ?? 'no network';
    const group = groups.get(primary) ?? { name: primary, services: [] };
    groups.set(primary, group);
    group.services.push({ service, others: candidates.slice(1) });
  }
  return [...groups.values()].filter((group) => group.services.length > 0);
}

/** `backend_network` → `backend`: the word "network" says nothing in a box of networks. */
export function toNetworkLabel(name: string): string {
  return name.replace(/[_-]net(work)?$/, '') || name;
}
