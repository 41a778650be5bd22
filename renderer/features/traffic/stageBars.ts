// The stages of an exchange on one time axis. Pure.
import type { ExchangeDetail } from '../../../app/contract/index.ts';

export type Stage = ExchangeDetail['stages'][number];

export interface StageBar {
  kind: 'bar';
  stage: string;
  outcome: 'pass' | 'stop';
  sentence: string;
  /** Percent of the whole exchange. */
  left: number;
  width: number;
  durationMs: number;
}

/** Neighbours that had nothing to do, in one line. */
export interface SkippedStages {
  kind: 'skipped';
  stages: { stage: string; sentence: string }[];
  /** A stage before them stopped the exchange. */
  isAfterStop: boolean;
}

/** Narrower bars could not be seen. */
const MINIMUM_WIDTH = 0.8;

export function toStageBars(stages: readonly Stage[], durationMs: number): (StageBar | SkippedStages)[] {
  // A stage may end after the exchange was counted as over, and durations of 0 ms do happen.
  const total = Math.max(durationMs, ...stages.map((stage) => stage.startMs + stage.durationMs), 0.001);
  const rows: (StageBar | SkippedStages)[] = [];
  for (const { stage, outcome, sentence, startMs, durationMs: ms } of stages) {
    const last = rows.at(-1);
    if (outcome !== 'skip') {
      const width = Math.min(100, Math.max(MINIMUM_WIDTH, (ms / total) * 100));
      const left = Math.min(100 - width, Math.max(0, (startMs / total) * 100));
      rows.push({ kind: 'bar', stage, outcome, sentence, left, width, durationMs: ms });
    } else if (last?.kind === 'skipped') last.stages.push({ stage, sentence });
    else {
      const isAfterStop = last?.kind === 'bar' && last.outcome === 'stop';
      rows.push({ kind: 'skipped', stages: [{ stage, sentence }], isAfterStop });
    }
  }
  return rows;
}

/** Fine enough for stages that take microseconds: 0.02, 0.31, 12.4, 1 204. */
export function formatStageMs(ms: number): string {
  if (ms < 1) return ms.toFixed(2);
  if (ms < 100) return ms.toFixed(1);
  return String(Math.round(ms)).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}
