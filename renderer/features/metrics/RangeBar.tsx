import { Button } from '../../components/Button.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import classes from './MetricsView.module.css';
import { rangeLengths } from './metricsRange.ts';
import type { SharedRange } from './useSharedRange.ts';

/** How much time is shown, and whether it follows the present. */
export function RangeBar({ length, isLive, range, choose, setLive }: SharedRange) {
  return (
    <>
      {isLive ? null : (
        <span className="dim">
          until <TimeText at={range.to} look="moment" />
        </span>
      )}
      <fieldset className={classes.lengths}>
        <legend className="heard">Time shown</legend>
        {rangeLengths.map((one) => (
          <Button
            key={one.name}
            size="small"
            className={classes.toggle}
            aria-pressed={one.name === length.name}
            onClick={() => choose(one)}
          >
            {one.label}
          </Button>
        ))}
      </fieldset>
      <Button size="small" className={classes.toggle} aria-pressed={isLive} onClick={() => setLive(!isLive)}>
        Live
      </Button>
    </>
  );
}
