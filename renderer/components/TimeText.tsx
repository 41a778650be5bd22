import { formatAge, formatDuration } from './format.ts';
import classes from './TimeText.module.css';
import { useNow } from './useNow.ts';
import { toTimes, useTimes } from './useTimes.ts';

export interface TimeTextProps {
  at: number | null;
  milliseconds?: boolean;
  /** `dated`: with month and day where it is not today. `moment`: date, clock and zone. */
  look?: 'clock' | 'dated' | 'moment';
}

/** A moment, in UTC or local as the operator has chosen; the other one is in its title. */
export function TimeText({ at, milliseconds = false, look = 'clock' }: TimeTextProps) {
  const { zone, clock, moment, day } = useTimes();
  if (at === null) return <span className={classes.time}>{clock(null)}</span>;
  const other = toTimes(zone === 'utc' ? 'local' : 'utc');
  const isOfToday = look !== 'dated' || day(at) === day(Date.now());
  return (
    <time
      className={classes.time}
      dateTime={new Date(at).toISOString()}
      title={`${moment(at)} · ${zone === 'utc' ? 'here ' : ''}${other.moment(at)}`}
    >
      {isOfToday ? null : <span className={classes.day}>{day(at).slice(5)} </span>}
      {look === 'moment' ? moment(at) : clock(at, { milliseconds })}
    </time>
  );
}

/** In which zone the clocks of a column are: `UTC` or `local`. */
export function ZoneName() {
  return useTimes().zone === 'utc' ? 'UTC' : 'local';
}

/** Time since, counting: `41 s`. `full` has two parts: `3 min 20 s`. */
export function Since({ at, full = false }: { at: number | null; full?: boolean }) {
  const now = useNow();
  const { moment } = useTimes();
  const ms = at === null ? null : now - at;
  return (
    <span className={classes.time} title={at === null ? undefined : moment(at)}>
      {full ? formatDuration(ms) : formatAge(ms)}
    </span>
  );
}

/** Time until, counting down to `0 s`. */
export function Until({ at }: { at: number | null }) {
  const now = useNow();
  const { moment } = useTimes();
  return (
    <span className={classes.time} title={at === null ? undefined : moment(at)}>
      {formatDuration(at === null ? null : Math.max(0, at - now))}
    </span>
  );
}
