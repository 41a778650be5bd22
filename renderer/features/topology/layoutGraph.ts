// The structure as a graph for ELK, and ELK's answer as places. Pure; the layout itself runs in layoutWorker.ts.
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import type { Box, Structure } from './structure.ts';

export const NODE_WIDTH = 164;
export const NODE_HEIGHT = 42;
/** Room of a box above its first service, for its name. */
const BOX_HEAD = 36;
const BOX_PADDING = 14;
/** Between two columns of services. */
const COLUMN_GAP = 44;

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
  // Edges are drawn as curves of our own; orthogonal ones would keep room for each of their bends.
  'elk.edgeRouting': 'POLYLINE',
  // Even distances, as in a list: no service moves to straighten an edge.
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
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
      'elk.layered.spacing.nodeNodeBetweenLayers': String(COLUMN_GAP),
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

/**
 * ELK decides the order and the heights. Columns are even: inside of a box at fixed distances, and the boxes of one
 * column with the same edges, where ELK keeps a few pixels more or less for edges that we draw ourselves.
 */
export function toLayout({ boxes }: Structure, laidOut: ElkNode): Layout {
  const areas = new Map<string, Area>();
  const places = new Map<string, Place>();
  const elkBoxes = new Map((laidOut.children ?? []).map((box) => [box.id, box]));
  const columns = toBoxColumns(boxes, elkBoxes);
  for (const { name, column, services } of boxes) {
    const box = elkBoxes.get(toBoxId(name));
    const area = columns.get(column);
    if (!box || !area) continue;
    const { y = 0, height = 0 } = box;
    areas.set(name, { ...area, y, height });
    const elkServices = new Map((box.children ?? []).map((service) => [service.id, service]));
    for (const service of services) {
      const top = elkServices.get(toServiceId(service.name))?.y ?? 0;
      places.set(service.name, { x: area.x + BOX_PADDING + service.column * (NODE_WIDTH + COLUMN_GAP), y: y + top });
    }
  }
  return { services: places, boxes: areas };
}

function toBoxColumns(boxes: readonly Box[], elkBoxes: ReadonlyMap<string, ElkNode>) {
  const columns = new Map<number, { x: number; width: number }>();
  for (const { name, column, services } of boxes) {
    const count = Math.max(...services.map((service) => service.column)) + 1;
    const width = 2 * BOX_PADDING + count * NODE_WIDTH + (count - 1) * COLUMN_GAP;
    const x = elkBoxes.get(toBoxId(name))?.x ?? 0;
    const known = columns.get(column);
    columns.set(column, { x: Math.min(known?.x ?? x, x), width: Math.max(known?.width ?? 0, width) });
  }
  return columns;
}
