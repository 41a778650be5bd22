import { memo, useMemo } from 'react';
import type { ChartSeries, MetricsRange } from '../../../app/contract/index.ts';
import classes from './ChartPanel.module.css';
import { findAt, findLast, toPlacesBySize } from './chartRows.ts';
import { useCursor } from './cursor.ts';
import { strokeOf } from './seriesLook.ts';

export interface ChartLegendProps {
  series: readonly ChartSeries[];
  range: MetricsRange;
  hidden: ReadonlySet<number>;
  onToggle: (place: number) => void;
  format: (value: number | null) => string;
  /** Names are long, and there is room for them. */
  isWide?: boolean;
}

/** The largest first, each with its value under the cursor, else its last one. What is pressed is drawn. */
export const ChartLegend = memo(function ChartLegend(props: ChartLegendProps) {
  const { series, range, hidden, onToggle, format, isWide = false } = props;
  const at = useCursor((state) => state.at);
  const places = useMemo(() => toPlacesBySize(series), [series]);
  return (
    <ul className={classes.legend} data-wide={isWide || undefined} aria-label="Series">
      {places.map(({ one, place }) => (
        <li key={place}>
          <button
            type="button"
            className={classes.entry}
            aria-pressed={!hidden.has(place)}
            onClick={() => onToggle(place)}
            title={one.name}
          >
            <svg className={classes.swatch} viewBox="0 0 14 4" aria-hidden="true">
              <line x1="0" y1="2" x2="14" y2="2" strokeWidth="2.5" {...strokeOf(place)} />
            </svg>
            <span className={classes.name}>{one.name}</span>
            <span className={classes.value}>{format(at === null ? findLast(one) : findAt(one, at, range))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
});
