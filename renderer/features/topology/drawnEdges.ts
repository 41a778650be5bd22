// The edges as they are drawn: measured where requests were counted, else only declared. Pure.
import type { Level, Topology } from '../../../app/contract/index.ts';
import { type EdgeCourse, toEdgeCourse } from './edgePath.ts';
import type { Layout } from './layoutGraph.ts';
import type { TopologyNode } from './topologyNodes.ts';
import { toEdgeWidth, type UpstreamTraffic } from './upstreamTraffic.ts';

export interface DrawnEdge {
  id: string;
  from: string;
  to: string;
  /** `declared`: a dependency of the compose file, or a route whose requests nobody counted. */
  kind: 'measured' | 'declared' | ReachKind;
  level: Level;
  width: number;
  /** null for what is only declared. */
  traffic: UpstreamTraffic | null;
  breaker: 'open' | 'half-open' | null;
  /** In words, for what is no traffic. */
  note: string | null;
  course: EdgeCourse;
}

/** Beside the others on demand: seen by traces, past the gateway, or possible and never seen. */
export type ReachKind = 'traced' | 'bypass' | 'unused';

export function toDrawnEdges(
  edges: Topology['edges'],
  nodes: ReadonlyMap<string, TopologyNode>,
  layout: Layout,
): DrawnEdge[] {
  const drawn = new Map<string, DrawnEdge>();
  for (const { from, to, kind } of edges) {
    const [start, end] = [layout.services.get(from), layout.services.get(to)];
    const target = nodes.get(to);
    if (!start || !end || !target || !nodes.has(from) || from === to) continue;
    const id = JSON.stringify([from, to]);
    // Where requests go, the dependency says nothing more.
    if (kind === 'declared' && drawn.has(id)) continue;
    const traffic = kind === 'route' ? target.traffic : null;
    const isMeasured = traffic !== null && traffic.requestsPerSecond !== null;
    const breaker = kind === 'route' ? target.service.breaker : null;
    drawn.set(id, {
      id,
      from,
      to,
      kind: isMeasured ? 'measured' : 'declared',
      level: traffic?.level ?? 'unknown',
      width: toEdgeWidth(traffic?.requestsPerSecond ?? null),
      traffic,
      breaker: breaker === 'open' || breaker === 'half-open' ? breaker : null,
      note: null,
      course: toEdgeCourse(start, end),
    });
  }
  return [...drawn.values()];
}
