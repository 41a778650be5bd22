import classes from './StageWaterfall.module.css';
import { formatStageMs, type SkippedStages, type Stage, type StageBar, toStageBars } from './stageBars.ts';

/** Where the time of an exchange went, stage by stage. */
export function StageWaterfall({ stages, durationMs }: { stages: readonly Stage[]; durationMs: number }) {
  return (
    <ol aria-label="Stages">
      {toStageBars(stages, durationMs).map((row) =>
        row.kind === 'bar' ? <Bar key={row.stage} row={row} /> : <Skipped key={row.stages[0]?.stage} row={row} />,
      )}
    </ol>
  );
}

function Bar({ row }: { row: StageBar }) {
  return (
    <li className={classes.stage} data-outcome={row.outcome} title={row.sentence}>
      <span className={classes.name}>{row.stage}</span>
      <span className={classes.track} aria-hidden="true">
        <i className={classes.bar} style={{ left: `${row.left}%`, width: `${row.width}%` }} />
      </span>
      <span className={classes.value}>{formatStageMs(row.durationMs)} ms</span>
      <span className={row.outcome === 'stop' ? classes.sentence : 'heard'}>{row.sentence}</span>
    </li>
  );
}

function Skipped({ row: { stages, isAfterStop } }: { row: SkippedStages }) {
  return (
    <li className={classes.stage} title={stages.map(({ sentence }) => sentence).join('\n')}>
      <span className={classes.skipped}>{isAfterStop ? 'not reached' : `${stages.length} skipped`}</span>
      <span className={classes.skippedNames}>{stages.map(({ stage }) => stage).join(', ')}</span>
    </li>
  );
}
