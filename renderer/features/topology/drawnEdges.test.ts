import { expect, test } from 'vitest';
import { sampleService } from '../services/serviceSample.ts';
import { toDrawnEdges } from './drawnEdges.ts';
import type { Layout } from './layoutGraph.ts';
import { sampleNode, sampleTopology } from './topologySample.ts';

const topology = sampleTopology();
const layout: Layout = {
  boxes: new Map(),
  services: new Map(topology.services.map(({ name }, index) => [name, { x: index * 300, y: 0 }])),
};
const traffic = {
  requestsPerSecond: 40,
  errorShare: 0.5,
  p95Ms: 3,
  isP95Bound: false,
  breaker: 'open' as const,
  level: 'down' as const,
};
const nodes = (search: Parameters<typeof sampleNode>[1] = {}) =>
  new Map(topology.services.map(({ name }) => [name, sampleNode(name, name === 'search' ? search : {})] as const));
const find = (drawn: ReturnType<typeof toDrawnEdges>, from: string, to: string) =>
  drawn.filter((edge) => edge.from === from && edge.to === to);

test('a route stands for the dependency between the same two, and is measured', () => {
  const edges = toDrawnEdges(
    topology.edges,
    nodes({ traffic, service: sampleService({ name: 'search', breaker: 'open' }) }),
    layout,
  );
  expect(find(edges, 'gateway', 'search')).toMatchObject([
    { kind: 'measured', level: 'down', breaker: 'open', width: 3 },
  ]);
  expect(find(edges, 'search', 'qdrant')).toMatchObject([{ kind: 'declared', traffic: null, width: 1, breaker: null }]);
});

test('in whatever order they come', () => {
  const edges = toDrawnEdges(topology.edges.toReversed(), nodes({ traffic }), layout);
  expect(find(edges, 'gateway', 'search')).toMatchObject([{ kind: 'measured' }]);
});

test('a route that nobody measured is only declared, yet shows its breaker', () => {
  const unmeasured = { ...traffic, requestsPerSecond: null, errorShare: null };
  const search = { traffic: unmeasured, service: sampleService({ name: 'search', breaker: 'half-open' }) };
  expect(find(toDrawnEdges(topology.edges, nodes(search), layout), 'gateway', 'search')).toMatchObject([
    { kind: 'declared', breaker: 'half-open' },
  ]);
});

test('edges to what is hidden or has no place are not drawn', () => {
  const without = nodes();
  without.delete('qdrant');
  expect(find(toDrawnEdges(topology.edges, without, layout), 'search', 'qdrant')).toEqual([]);
  expect(toDrawnEdges(topology.edges, nodes(), { ...layout, services: new Map() })).toEqual([]);
});
