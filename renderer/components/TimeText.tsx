import { formatAge, formatClock, formatDuration, formatMoment } from './format.ts';
import classes from './TimeText.module.css';
import { useNow } from './useNow.ts';

/** A moment as a UTC clock; the date and the local time are in its title. */
export function TimeText({ at, milliseconds = false }: { at: number | null; milliseconds?: boolean }) {
  if (at === null) return <span className={classes.time}>{formatClock(null)}</span>;
  const title = `${formatMoment(at)} · here ${new Date(at).toLocaleTimeString()}`;
  return (
    <time className={classes.time} dateTime={new Date(at).toISOString()} title={title}>
      {formatClock(at, { milliseconds })}
    </time>
  );
}

/** Time since, counting: `41 s`. `full` has two parts: `3 min 20 s`. */
export function Since({ at, full = false }: { at: number | null; full?: boolean }) {
  const now = useNow();
  const ms = at === null ? null : now - at;
  return (
    <span className={classes.time} title={at === null ? undefined : formatMoment(at)}>
      {full ? formatDuration(ms) : formatAge(ms)}
    </span>
  );
}

/** Time until, counting down to `0 s`. */
export function Until({ at }: { at: number | null }) {
  const now = useNow();
  return (
    <span className={classes.time} title={at === null ? undefined : formatMoment(at)}>
      {formatDuration(at === null ? null : Math.max(0, at - now))}
    </span>
  );
}
