// A small platform for tests: one network behind the gateway, one aside, a service on two.
import type { Service, ServiceKind, Topology } from '../../../app/contract/index.ts';
import { sampleService } from '../services/serviceSample.ts';
import { type TopologyNode, toTopologyNodes } from './topologyNodes.ts';

const rows: [name: string, kind: ServiceKind, networks: string[]][] = [
  ['nginx', 'edge', ['public']],
  ['gateway', 'gateway', ['public', 'ai', 'watching']],
  ['search', 'app', ['ai', 'watching']],
  ['pricing', 'app', ['ai', 'watching']],
  ['qdrant', 'store', ['ai']],
  ['qdrant_exporter', 'exporter', ['ai', 'watching']],
  ['prometheus', 'metrics', ['watching']],
];

export function sampleServices(changes: Record<string, Partial<Service>> = {}): Service[] {
  return rows.map(([name, kind, networks]) =>
    sampleService({ name, kind, networks, routes: [], breaker: null, ...changes[name] }),
  );
}

export function sampleNetworks(services: readonly Service[]): Topology['networks'] {
  const names = [...new Set(services.flatMap(({ networks }) => networks))].sort();
  return names.map((name) => ({
    name,
    internal: null,
    services: services.filter(({ networks }) => networks.includes(name)).map((service) => service.name),
  }));
}

export function sampleTopology(changes: Record<string, Partial<Service>> = {}) {
  const services = sampleServices(changes);
  return {
    environment: 'sandbox~shop',
    at: 0,
    services,
    networks: sampleNetworks(services),
    edges: [
      { from: 'nginx', to: 'gateway', kind: 'declared' as const, routes: [] },
      { from: 'gateway', to: 'search', kind: 'declared' as const, routes: [] },
      { from: 'gateway', to: 'search', kind: 'route' as const, routes: ['ai-search'] },
      { from: 'search', to: 'qdrant', kind: 'declared' as const, routes: [] },
    ],
  };
}

/** One node as the view has it, with what a test is about. */
export function sampleNode(name: string, parts: Partial<TopologyNode> = {}): TopologyNode {
  const topology = sampleTopology();
  const node = toTopologyNodes({ topology, metrics: null, breakers: null, usage: new Map(), stores: new Map() }).find(
    (one) => one.name === name,
  );
  if (!node) throw new Error(`the sample has no service ${name}`);
  return { ...node, ...parts };
}
