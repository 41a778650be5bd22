// From samples to the lines of a sparkline. Pure. A null sample is a gap, never a zero.

export interface SparklineShape {
  /** One polyline for each stretch of known samples, as SVG path data. */
  lines: string[];
  /** The same stretches closed down to the base line. */
  areas: string[];
  /** Where nobody watched: x and width. */
  gaps: { x: number; width: number }[];
}

export interface SparklineBox {
  width: number;
  height: number;
  /** The value at the top; by default the largest sample. */
  max?: number | undefined;
}

/** Keeps a flat line of small values off the very edge, and the stroke inside of the box. */
const INSET = 2;

export function toSparkline(values: readonly (number | null)[], box: SparklineBox): SparklineShape {
  const shape: SparklineShape = { lines: [], areas: [], gaps: [] };
  if (values.length === 0) return shape;
  const known = values.filter((value) => value !== null);
  const max = Math.max(box.max ?? 0, ...known, Number.MIN_VALUE);
  const step = values.length > 1 ? box.width / (values.length - 1) : box.width;
  const y = (value: number) => round(box.height - INSET - (Math.max(0, value) / max) * (box.height - 2 * INSET));

  for (const [start, end] of stretches(values)) {
    if (values[start] === null) {
      const from = Math.max(0, (start - 1) * step);
      const to = Math.min(box.width, (end + 1) * step);
      shape.gaps.push({ x: round(from), width: round(to - from) });
      continue;
    }
    const points = values
      .slice(start, end + 1)
      .map((value, index) => `${round((start + index) * step)},${y(value ?? 0)}`);
    // A lone sample between two gaps is drawn as a short dash.
    if (points.length === 1) points.push(`${round(Math.min(box.width, start * step + 1.5))},${y(values[start] ?? 0)}`);
    const first = points[0]?.split(',')[0] ?? '0';
    const last = points.at(-1)?.split(',')[0] ?? '0';
    shape.lines.push(`M${points.join(' L')}`);
    shape.areas.push(`M${points.join(' L')} L${last},${box.height} L${first},${box.height} Z`);
  }
  return shape;
}

/** Index ranges, both ends included, of neighbours that are all known or all unknown. */
function stretches(values: readonly (number | null)[]): [start: number, end: number][] {
  const found: [number, number][] = [];
  values.forEach((value, index) => {
    const last = found.at(-1);
    if (last && (values[last[0]] === null) === (value === null)) last[1] = index;
    else found.push([index, index]);
  });
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
