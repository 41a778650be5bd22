// Traces as points over time and duration. Pure.
import type { TraceSummary } from '../../../app/contract/index.ts';

export interface ScatterPoint {
  readonly trace: TraceSummary;
  /** Percent from the left, and from the top. */
  readonly x: number;
  readonly y: number;
}

export interface Scatter {
  readonly points: ScatterPoint[];
  /** Durations in ms that have a line, with their distance from the top in percent. */
  readonly lines: { readonly ms: number; readonly y: number }[];
}

/** Logarithmic in duration: a request of a second must not flatten those of a millisecond. */
export function toScatter(traces: readonly TraceSummary[], { from, to }: { from: number; to: number }): Scatter {
  const durations = traces.map(({ durationMs }) => Math.max(durationMs, 0.01));
  const least = Math.floor(Math.log10(durations.reduce((a, b) => Math.min(a, b), 10)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(durations.reduce((a, b) => Math.max(a, b), 1))));
  const toY = (ms: number) => 100 - ((Math.log10(Math.max(ms, 0.01)) - least) / (most - least)) * 100;
  return {
    points: traces.map((trace) => ({
      trace,
      x: Math.min(100, Math.max(0, ((trace.at - from) / Math.max(1, to - from)) * 100)),
      y: Math.min(100, Math.max(0, toY(trace.durationMs))),
    })),
    lines: Array.from({ length: most - least + 1 }, (_, step) => {
      const ms = 10 ** (least + step);
      return { ms, y: toY(ms) };
    }),
  };
}
