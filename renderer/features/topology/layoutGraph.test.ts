import ElkModule from 'elkjs';
import type { ELK } from 'elkjs/lib/elk-api.js';
import { describe, expect, test } from 'vitest';
import type { ServiceKind } from '../../../app/contract/index.ts';
import { sampleService } from '../services/serviceSample.ts';
import { type Area, type Layout, NODE_HEIGHT, NODE_WIDTH, toElkGraph, toLayout } from './layoutGraph.ts';
import { type Structure, toStructure } from './structure.ts';
import { sampleNetworks, sampleTopology } from './topologySample.ts';

// The same ELK as in the worker of the browser, here on this thread.
const elk = new (ElkModule as unknown as new () => ELK)();
const layOut = async (structure: Structure) => toLayout(structure, await elk.layout(toElkGraph(structure)));

const areaOf = ({ services }: Layout, name: string): Area => ({
  ...(services.get(name) ?? { x: Number.NaN, y: Number.NaN }),
  width: NODE_WIDTH,
  height: NODE_HEIGHT,
});
const overlap = (a: Area, b: Area) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (outer: Area, inner: Area) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

function expectTidy(structure: Structure, layout: Layout): void {
  const boxes = [...layout.boxes.values()];
  boxes.forEach((box, index) => {
    for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
  });
  for (const { name, services } of structure.boxes) {
    const box = layout.boxes.get(name) as Area;
    const areas = services.map((service) => areaOf(layout, service.name));
    areas.forEach((area, index) => {
      expect(holds(box, area)).toBe(true);
      for (const other of areas.slice(index + 1)) expect(overlap(area, other)).toBe(false);
    });
  }
}

/** `count` services over networks of a platform that nobody drew by hand. */
function bigTopology(count: number) {
  const kinds: ServiceKind[] = ['app', 'app', 'app', 'store', 'queue', 'exporter'];
  const services = Array.from({ length: count }, (_, index) =>
    sampleService({
      name: `service-${index}`,
      kind: index === 0 ? 'edge' : index === 1 ? 'gateway' : (kinds[index % kinds.length] ?? 'app'),
      networks: index < 2 ? ['edge'] : [`net-${index % 9}`],
    }),
  );
  const edges = services.flatMap(({ name }, index) =>
    [1, 7, 31].map((step) => ({
      from: name,
      to: `service-${(index * 13 + step) % count}`,
      kind: 'declared' as const,
      routes: [],
    })),
  );
  return { services, networks: sampleNetworks(services), edges };
}

describe('the layout', () => {
  test('every service has a place in its box, and nothing lies over anything', async () => {
    const structure = toStructure(sampleTopology());
    const layout = await layOut(structure);
    expect(layout.services.size).toBe(7);
    expectTidy(structure, layout);
  });

  test('what is called stands right of its callers', async () => {
    const layout = await layOut(toStructure(sampleTopology()));
    const x = (name: string) => areaOf(layout, name).x;
    expect(x('nginx')).toBeLessThan(x('gateway'));
    expect(x('gateway') + NODE_WIDTH).toBeLessThan(x('search'));
    expect(x('search') + NODE_WIDTH).toBeLessThan(x('qdrant'));
  });

  test('boxes of one column have the same edges', async () => {
    const { boxes } = await layOut(toStructure(sampleTopology()));
    const [open, aside] = [boxes.get('public'), boxes.get('watching')];
    expect([open?.x, open?.width]).toEqual([aside?.x, aside?.width]);
  });

  test('the same structure is laid out alike', async () => {
    const structure = toStructure(sampleTopology());
    expect(await layOut(structure)).toEqual(await layOut(structure));
  });

  test('names of services and networks may be alike, and strange', async () => {
    const names = ['net', 'root', '__proto__', '<b>', 'a"b'];
    const services = names.map((name) => sampleService({ name, networks: ['net'] }));
    const structure = toStructure({ services, networks: sampleNetworks(services), edges: [] });
    const layout = await layOut(structure);
    expect([...layout.services.keys()].sort()).toEqual([...names].sort());
    expectTidy(structure, layout);
  });

  test('five hundred services are laid out tidily', async () => {
    const topology = bigTopology(500);
    const structure = toStructure(topology);
    const layout = await layOut(structure);
    expect(layout.services.size).toBe(500);
    expectTidy(structure, layout);
  });
});
