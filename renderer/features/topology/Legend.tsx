import type { ReachKind } from './drawnEdges.ts';
import classes from './Legend.module.css';

/** What the lines mean. */
export function Legend() {
  return (
    <ul className={classes.legend} aria-label="Legend">
      <li>
        <Line look="measured" /> measured
      </li>
      <li>
        <Line look="declared" /> declared only
      </li>
      <li>
        <svg width="10" height="10" viewBox="-6 -6 12 12" className={classes.errors} aria-hidden="true">
          <path d="M0 -5.5 L5.5 0 L0 5.5 L-5.5 0 Z" />
        </svg>
        errors
      </li>
      <li>
        <svg width="14" height="14" viewBox="-11 -11 22 22" className={classes.breaker} aria-hidden="true">
          <circle r="10" />
          <path d="M-6 0 H-3 L3 -5 M3 0 H6" />
        </svg>
        breaker open
      </li>
    </ul>
  );
}

/** What the lines of possible paths mean. */
export function ReachLegend() {
  return (
    <ul className={classes.legend} aria-label="Legend of possible paths">
      <li>
        <Line look="bypass" /> could bypass
      </li>
      <li>
        <Line look="traced" /> from traces
      </li>
      <li>
        <Line look="unused" /> possible
      </li>
    </ul>
  );
}

function Line({ look }: { look: 'measured' | 'declared' | ReachKind }) {
  return (
    <svg width="18" height="6" viewBox="0 0 18 6" className={classes.line} data-look={look} aria-hidden="true">
      <path d="M0 3 H18" />
    </svg>
  );
}
