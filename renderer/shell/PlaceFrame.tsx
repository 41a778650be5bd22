import { useEnvironment } from './environment.ts';
import classes from './PlaceFrame.module.css';

/** A line around everything while one works in production. */
export function PlaceFrame() {
  const { data } = useEnvironment();
  return data?.mode === 'prod' ? <div className={classes.frame} aria-hidden="true" /> : null;
}
