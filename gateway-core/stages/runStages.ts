// Runs the stages on one request, for the data path and for explain alike.
import {
  type Answer,
  type Decision,
  type Findings,
  type MaybePromise,
  noFindings,
  type RequestFacts,
  type Stage,
  type StageContext,
} from './stage.ts';
import { stages } from './stages.ts';

export interface StageRecord {
  readonly stage: string;
  outcome: 'pass' | 'stop' | 'skip';
  sentence: string;
  /** Since the exchange began. */
  startMs: number;
  durationMs: number;
}

export interface StageRun {
  readonly findings: Findings;
  readonly records: StageRecord[];
  /** null: the request is to be forwarded. */
  readonly answer: Answer | null;
}

/**
 * `elapsedMs` says how long ago the exchange began. Stages after a stop are recorded as skipped. The run is a promise
 * only when a stage's decision is one.
 */
export function runStages(
  request: RequestFacts,
  context: StageContext,
  elapsedMs: () => number,
): MaybePromise<StageRun> {
  return new Run(request, context, elapsedMs).continueAt(0);
}

class Run {
  private readonly request: RequestFacts;
  private readonly context: StageContext;
  private readonly elapsedMs: () => number;
  private readonly records: StageRecord[] = [];
  /** One object that grows, not a copy of thirteen members for each stage. */
  private readonly findings: Findings = { ...noFindings };
  private answer: Answer | null = null;
  private stoppedAt = '';

  constructor(request: RequestFacts, context: StageContext, elapsedMs: () => number) {
    this.request = request;
    this.context = context;
    this.elapsedMs = elapsedMs;
  }

  continueAt(first: number): MaybePromise<StageRun> {
    // Where one stage ends the next begins, so that each takes one look at the clock and not two.
    let startMs = this.elapsedMs();
    for (let index = first; index < stages.length; index++) {
      const stage = stages[index];
      if (!stage) break;
      if (this.answer) {
        this.skip(stage, startMs);
        continue;
      }
      const decision = stage.decide(this.request, this.findings, this.context);
      if (decision instanceof Promise) {
        const beganMs = startMs;
        return decision.then((later) => {
          this.note(stage, later, beganMs);
          return this.continueAt(index + 1);
        });
      }
      startMs = this.note(stage, decision, startMs);
    }
    return { findings: this.findings, records: this.records, answer: this.answer };
  }

  private skip({ name }: Stage, startMs: number): void {
    const sentence = `Not reached: ${this.stoppedAt} stopped the request.`;
    this.records.push({ stage: name, outcome: 'skip', sentence, startMs, durationMs: 0 });
  }

  /** Returns when it ended. */
  private note({ name }: Stage, decision: Decision, startMs: number): number {
    if (decision.found) Object.assign(this.findings, decision.found);
    if (decision.outcome === 'stop') {
      this.answer = decision.answer;
      this.stoppedAt = name;
    }
    const { outcome, sentence } = decision;
    const endMs = this.elapsedMs();
    this.records.push({ stage: name, outcome, sentence, startMs, durationMs: endMs - startMs });
    return endMs;
  }
}
