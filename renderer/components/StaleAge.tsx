import { formatAge } from './format.ts';
import classes from './StaleAge.module.css';
import { StatusText } from './StatusMark.tsx';
import { useNow } from './useNow.ts';
import { useTimes } from './useTimes.ts';

/** Beside what is no longer renewed: `41 s old`, counting. */
export function StaleAge({ at }: { at: number }) {
  const now = useNow();
  const { moment } = useTimes();
  return (
    <span className={classes.age} title={`last value ${moment(at)}`}>
      <StatusText level="unknown">{formatAge(now - at)} old</StatusText>
    </span>
  );
}
