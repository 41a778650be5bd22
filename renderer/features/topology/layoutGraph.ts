// The structure as a graph for ELK, and ELK's answer as places. Pure; the layout itself runs in layoutWorker.ts.
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { Box, Structure } from './structure.ts';

export const NODE_WIDTH = 156;
export const NODE_HEIGHT = 42;
/** Room of a box above its first service, for its name. */
const BOX_HEAD = 36;
const BOX_PADDING = 14;

export interface Place {
  x: number;
  y: number;
}

export interface Area extends Place {
  width: number;
  height: number;
}

export interface Layout {
  /** Top left corner of each service, by name. */
  services: ReadonlyMap<string, Place>;
  /** By the network's name. */
  boxes: ReadonlyMap<string, Area>;
}

const layered = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.partitioning.activate': 'true',
  // One graph, also where nothing connects its parts: the columns hold it together.
  'elk.separateConnectedComponents': 'false',
  'elk.layered.crossingMinimization.semiInteractive': 'false',
  // The order of the input decides where nothing else does: the same input has the same layout.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.randomSeed': '1',
};

/** Boxes as nodes of one graph; inside of each a graph of its own, so that edges over borders do not pull services apart. */
export function toElkGraph({ boxes, edges }: Structure): ElkNode {
  const boxOf = new Map(boxes.flatMap((box) => box.services.map(({ name }) => [name, box] as const)));
  const between = new Map<string, { from: Box; to: Box }>();
  for (const edge of edges) {
    const [from, to] = [boxOf.get(edge.from), boxOf.get(edge.to)];
    if (from && to && from.column < to.column) between.set(JSON.stringify([from.name, to.name]), { from, to });
  }
  return {
    id: 'root',
    layoutOptions: {
      ...layered,
      'elk.spacing.nodeNode': '20',
      'elk.layered.spacing.nodeNodeBetweenLayers': '84',
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    },
    children: boxes.map((box) => toElkBox(box, edges)),
    edges: [...between.values()].map(({ from, to }, index) => ({
      id: `between-${index}`,
      sources: [toBoxId(from.name)],
      targets: [toBoxId(to.name)],
    })),
  };
}

function toElkBox(box: Box, edges: Structure['edges']): ElkNode {
  const columnOf = new Map(box.services.map(({ name, column }) => [name, column]));
  return {
    id: toBoxId(box.name),
    layoutOptions: {
      ...layered,
      'elk.partitioning.partition': String(box.column),
      'elk.spacing.nodeNode': '8',
      'elk.layered.spacing.nodeNodeBetweenLayers': '48',
      'elk.padding': `[top=${BOX_HEAD},left=${BOX_PADDING},bottom=${BOX_PADDING},right=${BOX_PADDING}]`,
    },
    children: box.services.map(({ name, column }) => ({
      id: toServiceId(name),
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      layoutOptions: { 'elk.partitioning.partition': String(column) },
    })),
    edges: edges
      .filter(({ from, to }) => (columnOf.get(from) ?? 0) < (columnOf.get(to) ?? -1))
      .map(({ from, to }, index) => ({
        id: `inside-${box.name}-${index}`,
        sources: [toServiceId(from)],
        targets: [toServiceId(to)],
      })),
  };
}

/** Names of services and networks may be the same. */
function toServiceId(name: string): string {
  return `service:${name}`;
}

function toBoxId(name: string): string {
  return `box:${name}`;
}

/** ELK gives places relative to the parent; these are those of the whole picture. */
export function toLayout({ boxes }: Structure, laidOut: ElkNode): Layout {
  const areas = new Map<string, Area>();
  const places = new Map<string, Place>();
  const elkBoxes = new Map((laidOut.children ?? []).map((box) => [box.id, box]));
  for (const { name, services } of boxes) {
    const box = elkBoxes.get(toBoxId(name));
    if (!box) continue;
    const { x = 0, y = 0, width = 0, height = 0 } = box;
    areas.set(name, { x, y, width, height });
    const elkServices = new Map((box.children ?? []).map((service) => [service.id, service]));
    for (const service of services) {
      const place = elkServices.get(toServiceId(service.name));
      if (place) places.set(service.name, { x: x + (place.x ?? 0), y: y + (place.y ?? 0) });
    }
  }
  return { services: places, boxes: areas };
}
