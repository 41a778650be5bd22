// Runs the stages on one request, for the data path and for explain alike.
import { type Answer, type Findings, noFindings, type RequestFacts, type StageContext } from './stage.ts';
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

/** `elapsedMs` says how long ago the exchange began. Stages after a stop are recorded as skipped. */
export function runStages(request: RequestFacts, context: StageContext, elapsedMs: () => number): StageRun {
  let findings = noFindings;
  let answer: Answer | null = null;
  let stoppedAt = '';
  const records: StageRecord[] = [];
  for (const stage of stages) {
    const startMs = elapsedMs();
    if (answer) {
      const sentence = `Not reached: ${stoppedAt} stopped the request.`;
      records.push({ stage: stage.name, outcome: 'skip', sentence, startMs, durationMs: 0 });
      continue;
    }
    const decision = stage.decide(request, findings, context);
    if (decision.outcome !== 'skip' && decision.found) findings = { ...findings, ...decision.found };
    if (decision.outcome === 'stop') {
      answer = decision.answer;
      stoppedAt = stage.name;
    }
    const { outcome, sentence } = decision;
    records.push({ stage: stage.name, outcome, sentence, startMs, durationMs: elapsedMs() - startMs });
  }
  return { findings, records, answer };
}
