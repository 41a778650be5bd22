// What the layout depends on: which service stands in which box and column, and which are connected. Pure.
import type { ServiceKind, Topology } from '../../../app/contract/index.ts';
import { toNetworkGroups } from '../overview/networkGroups.ts';

export interface PlacedService {
  name: string;
  /** Column inside of its box, from 0; those of one column are not told apart by their dependencies. */
  column: number;
}

export interface Box {
  /** The network's name. */
  name: string;
  /** Column of the box itself, from 0. */
  column: number;
  services: PlacedService[];
}

export interface Structure {
  boxes: Box[];
  edges: { from: string; to: string }[];
}

/** Callers stand left of what they call. Exporters stand with the first of their box. */
const tiers: Record<ServiceKind, number> = {
  edge: 0,
  gateway: 1,
  app: 2,
  exporter: -1,
  metrics: 2,
  traces: 2,
  store: 3,
  queue: 3,
  dashboard: 3,
};

/** So many services below each other still fit a window; more go into the next column. */
const ROWS = 14;
const BOX_ROWS = 3;

export function toStructure(topology: Pick<Topology, 'services' | 'networks' | 'edges'>): Structure {
  const groups = toNetworkGroups(topology);
  const boxesOf = (kind: ServiceKind) =>
    groups.filter(({ services }) => services.some(({ service }) => service.kind === kind)).map(({ name }) => name);
  const edges = boxesOf('edge');
  // The way in and the onlookers stand left of what they lead to and look at.
  const aside = new Set([...(edges.length > 0 ? edges : boxesOf('gateway')), ...boxesOf('metrics')]);
  const hasAside = aside.size > 0 && aside.size < groups.length;
  let inside = 0;
  const boxes = groups.map(({ name, services }): Box => {
    const column = aside.has(name) ? 0 : (hasAside ? 1 : 0) + Math.floor(inside++ / BOX_ROWS);
    return { name, column, services: toColumns(services.map(({ service }) => service)) };
  });
  const names = new Set(boxes.flatMap((box) => box.services.map((service) => service.name)));
  const pairs = new Map<string, { from: string; to: string }>();
  for (const { from, to } of topology.edges) {
    if (from !== to && names.has(from) && names.has(to)) pairs.set(JSON.stringify([from, to]), { from, to });
  }
  return { boxes, edges: [...pairs.values()] };
}

function toColumns(services: readonly { name: string; kind: ServiceKind }[]): PlacedService[] {
  const first = Math.min(...services.map(({ kind }) => tiers[kind]).filter((tier) => tier >= 0));
  const byTier = new Map<number, string[]>();
  for (const { name, kind } of services) {
    const tier = tiers[kind] >= 0 || !Number.isFinite(first) ? tiers[kind] : first;
    byTier.set(tier, [...(byTier.get(tier) ?? []), name]);
  }
  const placed: PlacedService[] = [];
  let column = 0;
  for (const tier of [...byTier.keys()].sort((a, b) => a - b)) {
    const names = byTier.get(tier) ?? [];
    // A hundred of a kind are rather a field than a column.
    const rows = Math.max(ROWS, Math.ceil(Math.sqrt(names.length * 3)));
    names.forEach((name, index) => {
      placed.push({ name, column: column + Math.floor(index / rows) });
    });
    column += Math.ceil(names.length / rows);
  }
  return placed;
}

/**
 * Whether a layout of `laidOut` has a place for all of `next`. What went away leaves a gap, so that a service that is
 * recreated does not make all others move twice.
 */
export function covers(laidOut: Structure, next: Structure): boolean {
  const boxOf = toPlaces(laidOut);
  const places = toPlaces(next);
  if ([...places].some(([name, place]) => boxOf.get(name) !== place)) return false;
  const known = new Set(laidOut.edges.map(({ from, to }) => JSON.stringify([from, to])));
  return next.edges.every(({ from, to }) => known.has(JSON.stringify([from, to])));
}

/** Service → its box. */
function toPlaces({ boxes }: Structure): Map<string, string> {
  return new Map(boxes.flatMap((box) => box.services.map(({ name }) => [name, box.name] as const)));
}
