import classes from './BootPanel.module.css';
import { type BootBar, type BootChart, type BootRow, formatSeconds } from './bootChart.ts';

/** A bar of waiting, hatched, and one of getting ready, for each container; the longest chain in the accent. */
export function BootWaterfall({ chart: { rows, ticks, totalMs } }: { chart: BootChart }) {
  return (
    <div className={classes.waterfall}>
      <p className={classes.legend} aria-hidden="true">
        <span className={classes.key} data-part="waiting" /> waits for others
        <span className={classes.key} data-part="starting" /> gets ready
        <span className={classes.key} data-part="critical" /> the same, on the longest chain
      </p>
      <div className={classes.axis} aria-hidden="true">
        <span />
        <span className={classes.track}>
          {ticks.map((tick) => (
            <span key={tick} className={classes.tick} style={{ left: `${(tick / totalMs) * 100}%` }}>
              {formatSeconds(tick)}
            </span>
          ))}
        </span>
      </div>
      <ol aria-label="Containers in the order of their start">
        {rows.map((row) => (
          <Row key={row.step.container} row={row} />
        ))}
      </ol>
    </div>
  );
}

function Row({ row }: { row: BootRow }) {
  const { step, waiting, starting, readyMs, startedMs, isCritical } = row;
  return (
    <li className={classes.row} data-critical={isCritical || undefined} title={toTitle(row)}>
      <span className={classes.service}>{step.service}</span>
      <span className={classes.track} aria-hidden="true">
        {waiting ? <Bar bar={waiting} part="waiting" /> : null}
        {starting ? <Bar bar={starting} part={isCritical ? 'critical' : 'starting'} /> : null}
      </span>
      <span className={classes.held}>{step.heldBy === null ? '' : `after ${step.heldBy}`}</span>
      <span className={classes.time}>
        {readyMs === null ? `started ${formatSeconds(startedMs)}` : formatSeconds(readyMs)}
      </span>
    </li>
  );
}

function Bar({ bar: { from, to }, part }: { bar: BootBar; part: string }) {
  return (
    <i className={classes.bar} data-part={part} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
  );
}

function toTitle({ step, startedMs, readyMs }: BootRow): string {
  const waited = step.waitedFor.map(({ service, condition }) => `${service} ${condition}`).join(', ');
  return [
    step.container,
    `started at ${formatSeconds(startedMs)}, ready at ${formatSeconds(readyMs)}`,
    waited === '' ? 'waited for nothing' : `waited for ${waited}`,
  ].join('\n');
}
