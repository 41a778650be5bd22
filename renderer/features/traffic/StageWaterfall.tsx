import { Fragment } from 'react';
import classes from './StageWaterfall.module.css';
import { formatStageMs, type Stage, type StageBar, toStageBars } from './stageBars.ts';

/** Where the time of an exchange went, stage by stage. */
export function StageWaterfall({ stages, durationMs }: { stages: readonly Stage[]; durationMs: number }) {
  return (
    <ol className={classes.waterfall} aria-label="Stages">
      {toStageBars(stages, durationMs).map((bar) => (
        <li key={bar.stage} className={classes.stage} data-outcome={bar.outcome} title={bar.sentence}>
          <span className={classes.name}>{bar.stage}</span>
          {bar.outcome === 'skip' ? <SkippedStage bar={bar} /> : <PassedStage bar={bar} />}
        </li>
      ))}
    </ol>
  );
}

function SkippedStage({ bar }: { bar: StageBar }) {
  return <span className={classes.skipped}>{bar.sentence}</span>;
}

function PassedStage({ bar }: { bar: StageBar }) {
  return (
    <Fragment>
      <span className={classes.track} aria-hidden="true">
        <i className={classes.bar} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
      </span>
      <span className={classes.value}>{formatStageMs(bar.durationMs)} ms</span>
      <span className={bar.outcome === 'stop' ? classes.sentence : 'heard'}>{bar.sentence}</span>
    </Fragment>
  );
}
