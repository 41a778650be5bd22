// What was slow, and when: a point a trace, failed ones as squares. For the pointer; the table below has the same.
import { useMemo } from 'react';
import type { TraceSearch, TraceSummary } from '../../../app/contract/index.ts';
import { formatClock, formatMs } from '../../components/format.ts';
import { type ScatterPoint, toScatter } from './scatterPoints.ts';
import classes from './TraceScatter.module.css';

export function TraceScatter({ found, onOpen }: { found: TraceSearch; onOpen: (traceId: string) => void }) {
  const { traces, from, to } = found;
  const { points, lines } = useMemo(() => toScatter(traces, { from, to }), [traces, from, to]);
  const failed = traces.filter(({ errorCount }) => errorCount > 0).length;
  return (
    <figure className={classes.figure}>
      <figcaption className="heard">
        {traces.length} traces by their beginning and duration, {failed} of them failed; the table below has them all.
      </figcaption>
      <div className={classes.plot} aria-hidden="true">
        {lines.map(({ ms, y }) => (
          <div key={ms} className={classes.line} style={{ top: `${y}%` }}>
            <span className={classes.label}>{formatAxis(ms)}</span>
          </div>
        ))}
        <div className={classes.points}>
          {points.map((point) => (
            <Point key={point.trace.traceId} point={point} onOpen={onOpen} />
          ))}
        </div>
      </div>
      <div className={classes.axis} aria-hidden="true">
        <span>{formatClock(from)}</span>
        <span>
          <i className={classes.key} /> without a failure <i className={classes.key} data-failed /> with one
        </span>
        <span>{formatClock(to)}</span>
      </div>
    </figure>
  );
}

function Point({ point: { trace, x, y }, onOpen }: { point: ScatterPoint; onOpen: (traceId: string) => void }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the table below opens the same by keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: hidden from assistive technology, which has the table
    <i
      className={classes.point}
      data-failed={trace.errorCount > 0 || undefined}
      style={{ left: `${x}%`, top: `${y}%` }}
      title={toTitle(trace)}
      onClick={() => onOpen(trace.traceId)}
    />
  );
}

function toTitle({ at, durationMs, root, errorCount }: TraceSummary): string {
  const failures = errorCount > 0 ? `, ${errorCount} failed` : '';
  return `${formatClock(at, { milliseconds: true })} ${root.service} ${root.name}: ${formatMs(durationMs)} ms${failures}`;
}

function formatAxis(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}
