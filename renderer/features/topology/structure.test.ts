import { describe, expect, test } from 'vitest';
import { sampleService } from '../services/serviceSample.ts';
import { covers, toStructure } from './structure.ts';
import { sampleNetworks, sampleTopology } from './topologySample.ts';

const columnsOf = (structure: ReturnType<typeof toStructure>, box: string) =>
  Object.fromEntries(
    structure.boxes.find(({ name }) => name === box)?.services.map(({ name, column }) => [name, column]) ?? [],
  );

describe('the structure of a topology', () => {
  const structure = toStructure(sampleTopology());

  test('the way in and the onlookers stand aside, what they lead to in the next column', () => {
    expect(structure.boxes.map(({ name, column }) => [name, column])).toEqual([
      ['public', 0],
      ['ai', 1],
      ['watching', 0],
    ]);
  });

  test('callers stand left of stores, exporters with the first of their box', () => {
    expect(columnsOf(structure, 'public')).toEqual({ nginx: 0, gateway: 1 });
    expect(columnsOf(structure, 'ai')).toEqual({ search: 0, pricing: 0, qdrant_exporter: 0, qdrant: 1 });
  });

  test('an edge that is declared and routed is one', () => {
    expect(structure.edges).toEqual([
      { from: 'nginx', to: 'gateway' },
      { from: 'gateway', to: 'search' },
      { from: 'search', to: 'qdrant' },
    ]);
  });

  test('edges to services that are not there are left out', () => {
    const topology = sampleTopology();
    topology.edges.push({ from: 'search', to: 'gone', kind: 'declared', routes: [] });
    expect(toStructure(topology).edges).toEqual(structure.edges);
  });

  test('a field of a hundred services has several columns, and every column some', () => {
    const services = Array.from({ length: 100 }, (_, index) =>
      sampleService({ name: `s${index}`, networks: ['one'], kind: 'app' }),
    );
    const columns = Object.values(
      columnsOf(toStructure({ services, networks: sampleNetworks(services), edges: [] }), 'one'),
    );
    const counts = [...new Set(columns)].map((column) => columns.filter((one) => one === column).length);
    expect(counts.length).toBeGreaterThan(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(18);
    expect(Math.max(...columns)).toBe(counts.length - 1);
  });

  test('without an edge the gateway is the way in', () => {
    const topology = sampleTopology();
    const services = topology.services.filter(({ kind }) => kind !== 'edge' && kind !== 'metrics');
    const { boxes } = toStructure({ ...topology, services, networks: sampleNetworks(services) });
    const columns = Object.fromEntries(boxes.map(({ name, column }) => [name, column]));
    expect(columns.public).toBe(0);
    expect(columns.ai).toBe(1);
  });

  test('where nothing leads in, the boxes fill columns from the left', () => {
    const services = ['a', 'b', 'c', 'd'].map((name) => sampleService({ name, networks: [`net-${name}`] }));
    const { boxes } = toStructure({ services, networks: sampleNetworks(services), edges: [] });
    expect(boxes.map(({ column }) => column)).toEqual([0, 0, 0, 1]);
  });

  test('only exporters in a box stand in its first column', () => {
    const services = [sampleService({ name: 'node_exporter', kind: 'exporter', networks: ['lone'] })];
    expect(columnsOf(toStructure({ services, networks: sampleNetworks(services), edges: [] }), 'lone')).toEqual({
      node_exporter: 0,
    });
  });
});

describe('whether a layout covers what is there now', () => {
  const laidOut = toStructure(sampleTopology());
  const without = (name: string) => {
    const topology = sampleTopology();
    const services = topology.services.filter((service) => service.name !== name);
    return toStructure({ ...topology, services, networks: sampleNetworks(services) });
  };

  test.each([
    ['the same', toStructure(sampleTopology()), true],
    ['other figures', toStructure(sampleTopology({ search: { level: 'down', statusText: 'stopped' } })), true],
    ['a service that went away', without('pricing'), true],
    [
      'a service that joined one more network',
      toStructure(sampleTopology({ qdrant: { networks: ['ai', 'watching'] } })),
      true,
    ],
    ['a service that moved', toStructure(sampleTopology({ qdrant: { networks: ['watching'] } })), false],
    ['an edge that went away', { ...laidOut, edges: [] }, true],
    ['a new edge', { ...laidOut, edges: [...laidOut.edges, { from: 'pricing', to: 'qdrant' }] }, false],
  ])('%s', (_, next, expected) => {
    expect(covers(laidOut, next)).toBe(expected);
  });

  test('a new service', () => {
    expect(covers(without('pricing'), laidOut)).toBe(false);
  });
});
