// What happened in the time of the charts: breakers, starts, configurations, and what operators did. Pure.
import type { MetricsRange, TimelineEntry, TimelineKind, Unwatched } from '../../../app/contract/index.ts';

export interface ChartMark {
  /** From 1, in the order of time; stands on the line and in the list. */
  number: number;
  entry: TimelineEntry;
}

export interface ChartMarks {
  marks: ChartMark[];
  /** Older ones in the range, which have no line. */
  left: number;
  /** Stretches of the range in which no console watched: what happened then has no mark. */
  unwatched: Unwatched[];
}

/** Lines nearer than this share of the chart have one label together: theirs would lie over each other. */
const LABEL_SHARE = 0.03;

/** The label of each mark's line, by the mark: its number, `2–4` on the first of several close ones, nothing on the rest. */
export function toMarkLabels(marks: readonly ChartMark[], { from, to }: MetricsRange): Map<ChartMark, string> {
  const labels = new Map<ChartMark, string>();
  let first: ChartMark | undefined;
  for (const mark of marks) {
    const isClose = first !== undefined && mark.entry.at - first.entry.at < (to - from) * LABEL_SHARE;
    if (isClose && first) labels.set(first, `${first.number}–${mark.number}`).set(mark, '');
    else {
      first = mark;
      labels.set(mark, String(mark.number));
    }
  }
  return labels;
}

export const markedKinds: TimelineKind[] = ['breaker', 'gateway', 'edge', 'configuration', 'boot', 'operator'];

/** More lines than this hide what they explain. */
const markLimit = 12;
/** What changes something: an operator who only looked left no trace in any curve. */
const changing = /^(?:stack\.(?:up|down|restart|scale|act|switch)|demo\.|sandbox\.|gateway\.|environment\.configure)/;

export interface MarkSources {
  readonly entries: readonly TimelineEntry[];
  readonly unwatched: readonly Unwatched[];
}

export function toChartMarks({ entries, unwatched }: MarkSources, { from, to }: MetricsRange): ChartMarks {
  const within = entries
    .filter(({ at, kind, subject }) => at >= from && at <= to && (kind !== 'operator' || changing.test(subject)))
    .toSorted((a, b) => a.at - b.at);
  const marks = within.slice(-markLimit).map((entry, index) => ({ number: index + 1, entry }));
  return {
    marks,
    left: within.length - marks.length,
    unwatched: unwatched.filter((span) => span.until > from && span.from < to).toReversed(),
  };
}
