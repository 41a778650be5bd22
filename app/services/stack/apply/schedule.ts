// Carries out steps as early as their needs allow: each begins when the last of the steps that it needs has ended.
import type { PlanStep } from '../../../contract/index.ts';
import { findGated } from '../plan/waves.ts';
import { StepEnd } from './run.ts';

export interface StepOutcome {
  readonly state: 'done' | 'failed' | 'skipped';
  readonly detail: string;
}

export interface Performer {
  /**
   * The step's own words on success. Rejects with a StepEnd. `whenGated` resolves when the steps that the gates look at
   * have ended well; what can be prepared is done before that.
   */
  perform(step: PlanStep, whenGated: () => Promise<void>): Promise<string>;
  begun(step: PlanStep): void;
  ended(step: PlanStep, outcome: StepOutcome): void;
}

/**
 * One outcome a step; never rejects. What a failed step was needed for is skipped, everything else goes on: the stack comes
 * as far as it can. After `signal` nothing new begins.
 */
export async function runSteps(
  steps: readonly PlanStep[],
  performer: Performer,
  signal: AbortSignal,
): Promise<Map<string, StepOutcome>> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const running = new Map<string, Promise<StepOutcome>>();

  const findFailed = async (earlier: readonly PlanStep[]): Promise<string | undefined> => {
    for (const step of earlier) {
      const outcome = await start(step);
      if (outcome.state === 'done') continue;
      return `${step.name}: ${outcome.state === 'failed' ? 'failed' : outcome.detail}`;
    }
    return undefined;
  };
  const passGated = async (step: PlanStep) => {
    const required = { ...step, gates: step.gates.filter((gate) => gate.required) };
    const failed = await findFailed(findGated(required, steps));
    if (failed !== undefined) throw new StepEnd('skipped', failed);
    await findFailed(findGated(step, steps));
    if (signal.aborted) throw new StepEnd('skipped', 'cancelled');
  };
  const perform = async (step: PlanStep): Promise<StepOutcome> => {
    const failed = await findFailed(step.needs.flatMap((id) => byId.get(id) ?? []));
    if (failed !== undefined) return { state: 'skipped', detail: failed };
    if (signal.aborted) return { state: 'skipped', detail: 'cancelled' };
    performer.begun(step);
    try {
      return { state: 'done', detail: await performer.perform(step, () => passGated(step)) };
    } catch (error) {
      if (error instanceof StepEnd) return { state: error.state, detail: error.message };
      return { state: 'failed', detail: error instanceof Error ? error.message : 'unknown reason' };
    }
  };
  const run = async (step: PlanStep): Promise<StepOutcome> => {
    const outcome = await perform(step);
    performer.ended(step, outcome);
    return outcome;
  };
  const start = (step: PlanStep): Promise<StepOutcome> => {
    const known = running.get(step.id);
    if (known) return known;
    const promise = run(step);
    running.set(step.id, promise);
    return promise;
  };
  const outcomes = await Promise.all(steps.map(async (step) => [step.id, await start(step)] as const));
  return new Map(outcomes);
}
