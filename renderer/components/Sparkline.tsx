import { memo, useId, useMemo } from 'react';
import classes from './Sparkline.module.css';
import { toSparkline } from './sparklineShape.ts';

export interface SparklineProps {
  /** Oldest first; null where nobody watched. */
  values: readonly (number | null)[];
  /** What the line shows, for those who do not see it, for example `requests per second, 15 minutes`. */
  label: string;
  tone?: 'accent' | 'degraded' | 'down' | 'unknown';
  filled?: boolean;
  width?: number;
  height?: number;
  max?: number;
  /** Stretches over its parent instead of having a width of its own. */
  wide?: boolean;
}

export const Sparkline = memo(function Sparkline({
  values,
  label,
  tone = 'accent',
  filled = false,
  width = 90,
  height = 20,
  max,
  wide = false,
}: SparklineProps) {
  const pattern = useId();
  const shape = useMemo(() => toSparkline(values, { width, height, max }), [values, width, height, max]);
  return (
    <svg
      className={classes.sparkline}
      data-tone={tone}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={wide ? '100%' : width}
      height={height}
      preserveAspectRatio="none"
    >
      <defs>
        <pattern id={pattern} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line x1="0" y1="0" x2="0" y2="5" className={classes.hatch} />
        </pattern>
      </defs>
      {shape.gaps.map((gap) => (
        <rect key={gap.x} x={gap.x} y="0" width={gap.width} height={height} fill={`url(#${pattern})`} />
      ))}
      {filled ? shape.areas.map((area) => <path key={area} d={area} className={classes.area} />) : null}
      {shape.lines.map((line) => (
        <path key={line} d={line} className={classes.line} />
      ))}
    </svg>
  );
});
