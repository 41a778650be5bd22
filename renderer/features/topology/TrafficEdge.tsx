import type { Edge, EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { DrawnEdge } from './drawnEdges.ts';
import classes from './TopologyGraph.module.css';
import { toTrafficText } from './topologyNodes.ts';

export interface TrafficEdgeData extends Record<string, unknown> {
  edge: DrawnEdge;
  /** One of its ends is pointed at or selected. */
  isNear: boolean;
  /** Something else is, or is looked for. */
  isFaded: boolean;
}

export type TrafficFlowEdge = Edge<TrafficEdgeData, 'traffic'>;

/** A curve: solid where measured, dashed where only declared, dotted where merely possible; trouble has a colour, a shape and a figure. */
export const TrafficEdge = memo(function TrafficEdge({ data }: EdgeProps<TrafficFlowEdge>) {
  if (!data) return null;
  const { edge, isNear, isFaded } = data;
  const { course, kind, level, width, traffic, breaker, note } = edge;
  const words = traffic ? toTrafficText(traffic) : note;
  const isTrouble = level === 'down' || level === 'degraded';
  const hasErrors = (traffic?.errorShare ?? 0) >= 0.01;
  return (
    <g
      className={classes.edge}
      data-kind={kind}
      data-level={level}
      data-idle={kind === 'measured' && !traffic?.requestsPerSecond ? true : undefined}
      data-near={isNear || undefined}
      data-faded={isFaded || undefined}
    >
      <path d={course.path} className={classes.line} style={{ strokeWidth: width }} />
      {hasErrors ? <Diamond x={course.near.x} y={course.near.y} /> : null}
      {breaker ? <BreakerMark x={course.middle.x} y={course.middle.y} state={breaker} /> : null}
      {words && (isNear || isTrouble) ? (
        <text
          className={classes.label}
          x={course.middle.x}
          y={course.middle.y + (breaker ? 24 : -7)}
          textAnchor="middle"
        >
          {words}
        </text>
      ) : null}
    </g>
  );
});

function Diamond({ x, y }: { x: number; y: number }) {
  return (
    <path className={classes.diamond} d={`M${x} ${y - 5.5} L${x + 5.5} ${y} L${x} ${y + 5.5} L${x - 5.5} ${y} Z`} />
  );
}

/** A circle with a switch in it: lifted when open, nearly closed when half-open. */
export function BreakerMark({ x, y, state }: { x: number; y: number; state: 'open' | 'half-open' }) {
  const lift = state === 'open' ? 5 : 2;
  return (
    <g className={classes.breaker} data-state={state} transform={`translate(${x} ${y})`}>
      <circle r="10" />
      <path d={`M-6 0 H-3 L3 ${-lift} M3 0 H6`} />
    </g>
  );
}
