// The course of an edge between two services that are drawn at fixed sizes. Pure.
import { NODE_HEIGHT, NODE_WIDTH, type Place } from './layoutGraph.ts';

export interface EdgeCourse {
  /** For an SVG path. */
  path: string;
  /** Where a breaker or a label stands: near its middle. */
  middle: Place;
  /** Where trouble is marked: before the target. */
  near: Place;
}

type Point = [x: number, y: number];

/** From the right side to the left one where the target stands right of the source, else in a bow along a side. */
export function toEdgeCourse(from: Place, to: Place): EdgeCourse {
  const [start, end] = [toMiddle(from), toMiddle(to)];
  const gap = to.x - (from.x + NODE_WIDTH);
  if (gap >= 0)
    return toCourse([from.x + NODE_WIDTH, start], [to.x, end], Math.max(28, gap / 2), Math.max(28, gap / 2));
  const backGap = from.x - (to.x + NODE_WIDTH);
  if (backGap >= 0) {
    const bend = -Math.max(28, backGap / 2);
    return toCourse([from.x, start], [to.x + NODE_WIDTH, end], bend, bend);
  }
  // One below the other: a bow along the right side, wider over a longer way.
  const bend = Math.min(40, 14 + Math.abs(end - start) / 12);
  return toCourse([from.x + NODE_WIDTH, start], [to.x + NODE_WIDTH, end], bend, -bend);
}

function toMiddle({ y }: Place): number {
  return y + NODE_HEIGHT / 2;
}

/** `leave` and `arrive` are how far the control points lie ahead of the start and before the end. */
function toCourse(start: Point, end: Point, leave: number, arrive: number): EdgeCourse {
  const points: [Point, Point, Point, Point] = [start, [start[0] + leave, start[1]], [end[0] - arrive, end[1]], end];
  const [first, second, third, last] = points.map(([x, y]) => `${round(x)} ${round(y)}`);
  return { path: `M${first} C${second}, ${third}, ${last}`, middle: toPoint(points, 0.5), near: toPoint(points, 0.78) };
}

/** A point of a cubic Bézier curve. */
function toPoint([a, b, c, d]: [Point, Point, Point, Point], t: number): Place {
  const s = 1 - t;
  const at = (axis: 0 | 1) => s ** 3 * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t ** 3 * d[axis];
  return { x: round(at(0)), y: round(at(1)) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
