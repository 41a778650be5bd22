import { formatAge } from './format.ts';
import classes from './StaleAge.module.css';
import { StatusText } from './StatusMark.tsx';
import { useNow } from './useNow.ts';

/** Beside a headline that is no longer renewed: `41 s old`, counting. */
export function StaleAge({ at }: { at: number }) {
  const now = useNow();
  return (
    <span className={classes.age}>
      <StatusText level="unknown">{formatAge(now - at)} old</StatusText>
    </span>
  );
}
