import type { ReactNode } from 'react';
import { CopyReport } from './CopyReport.tsx';
import type { Report } from './report.ts';
import { Sparkline, type SparklineProps } from './Sparkline.tsx';
import classes from './Tile.module.css';

export interface TileProps {
  label: string;
  /** Where the figure comes from, for example `gateway`. */
  source: ReactNode;
  /** Already formatted; `–` when unknown. */
  value: string;
  unit?: string;
  tone?: 'normal' | 'degraded' | 'down';
  /** One line below the figure: the window, the peak, the second figure. */
  note?: ReactNode;
  course?: Pick<SparklineProps, 'values' | 'label' | 'max'> | undefined;
  /** What it is part of, for others; its own figure leads. */
  report?: (() => Omit<Report, 'verdict'>) | undefined;
  /** In place of the course. */
  children?: ReactNode;
}

/** One figure with its source, its window and its course. */
export function Tile({ label, source, value, unit, tone = 'normal', note, course, report, children }: TileProps) {
  const figure = [value, unit].filter(Boolean).join(' ');
  const verdict = `${label}: ${figure}${typeof note === 'string' && note !== '' ? `, ${note}` : ''}`;
  return (
    <section className={classes.tile} aria-label={label}>
      <div className={classes.head}>
        <span>{label}</span>
        <span>{source}</span>
      </div>
      {report ? (
        <span className={classes.copy}>
          <CopyReport report={() => ({ ...report(), verdict })} at={null} />
        </span>
      ) : null}
      <p className={classes.value} data-tone={tone}>
        {value}
        {unit ? <small>{unit}</small> : null}
      </p>
      <p className={classes.note} title={typeof note === 'string' && note !== '' ? note : undefined}>
        {note || '\u00a0'}
      </p>
      {children}
      {course ? (
        <div className={classes.course}>
          <Sparkline {...course} tone={tone === 'normal' ? 'accent' : tone} width={120} height={34} filled wide />
        </div>
      ) : null}
    </section>
  );
}
