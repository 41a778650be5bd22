import { Button } from '../../components/Button.tsx';
import { TimeText } from '../../components/TimeText.tsx';
import { ToggleGroup } from '../../components/ToggleGroup.tsx';
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
      <ToggleGroup label="Time shown">
        {rangeLengths.map((one) => (
          <Button
            key={one.name}
            size="small"
            look="toggle"
            aria-pressed={one.name === length.name}
            onClick={() => choose(one)}
          >
            {one.label}
          </Button>
        ))}
      </ToggleGroup>
      <Button size="small" look="toggle" aria-pressed={isLive} onClick={() => setLive(!isLive)}>
        Live
      </Button>
    </>
  );
}
