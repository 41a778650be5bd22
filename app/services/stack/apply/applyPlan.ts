import {
  type ApplyProgress,
  type ApplyResult,
  GatehouseError,
  type PlanNote,
  type PlanStep,
} from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import { toFingerprint } from '../plan/fingerprint.ts';
import { observeStack } from '../plan/observeStack.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';
import { performContainer } from './containerActions.ts';
import { toProblem } from './failure.ts';
import { performImage } from './imageActions.ts';
import { performNetwork, performVolume } from './partActions.ts';
import { openPulse } from './pulse.ts';
import { createMembers, type Run, StepEnd } from './run.ts';
import { runSteps, type StepOutcome } from './schedule.ts';

export interface ApplyOptions {
  /** Cancels at any point: what has begun is brought to an end or undone, nothing new begins. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ApplyProgress) => void) | undefined;
  /** Lines of a build or pull, as they come. Untrusted text. */
  readonly onOutput?: ((step: string, line: string) => void) | undefined;
  /** Asked once, and only when containers are created: see findConfigHashes. Without it compose makes them anew once. */
  readonly findConfigHashes?: (() => Promise<Readonly<Record<string, string>> | undefined>) | undefined;
  /** Where the docker command keeps what registries want to know; the process's own when not given. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Gets the last 1 MB of a container's log before the container is removed. When it fails, that is a remark. */
  readonly keepLog?:
    | ((container: { id: string; name: string; service: string | null }, log: Buffer) => Promise<void>)
    | undefined;
  /** How much longer than its own time a health check is waited for. 60 s when not given. */
  readonly gateSlackMs?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * Carries out the steps of a plan. Observes again first: when the fingerprint is another, nothing is done and the outcome
 * is `stale`. Never throws for what an engine refuses: the result says which steps were done. Throws `plan-blocked` for a
 * plan with blockers, `engine-unreachable` when the engine is gone before the first step.
 */
export async function applyPlan(prepared: PreparedPlan, engine: Engine, options: ApplyOptions): Promise<ApplyResult> {
  const { plan } = prepared;
  const now = options.now ?? Date.now;
  const startedAt = now();
  refuseBlocked(prepared);
  const observed = await observeStack(engine, plan.project, {
    project: prepared.project,
    readsFiles: prepared.observed.readsFiles,
    now,
  });
  const end = (outcome: ApplyResult['outcome'], rest: Partial<ApplyResult> = {}): ApplyResult => ({
    outcome,
    steps: [],
    problems: [],
    remarks: [],
    startedAt,
    endedAt: now(),
    ...rest,
  });
  if (toFingerprint(observed) !== plan.fingerprint) return end('stale', { problems: [stale(plan.project)] });
  const run: Run = {
    prepared,
    engine,
    defaults: observed.defaults,
    options,
    pulse: openPulse(engine),
    members: createMembers(prepared),
    findConfigHash: createHashLookup(options),
    problems: [],
    remarks: [],
    now,
    report: (step, state, detail) => options.onProgress?.({ step, state, detail, at: now() }),
  };
  try {
    const outcomes = await runSteps(plan.steps, createPerformer(run), options.signal);
    const steps = plan.steps.map((step) => toStepResult(step, outcomes.get(step.id)));
    return end(toOutcome(run, steps), { steps, problems: unique(run.problems), remarks: unique(run.remarks) });
  } finally {
    run.pulse.close();
  }
}

/** Compose takes a while to answer; what is created meanwhile waits for the same answer. */
function createHashLookup({ findConfigHashes }: ApplyOptions): Run['findConfigHash'] {
  let asked: Promise<Readonly<Record<string, string>> | undefined> | undefined;
  return async (service) => {
    asked ??= findConfigHashes?.() ?? Promise.resolve(undefined);
    return (await asked)?.[service];
  };
}

function refuseBlocked({ plan }: PreparedPlan): void {
  const [first] = plan.blockers;
  if (!first) return;
  throw new GatehouseError({
    code: 'plan-blocked',
    message: `The plan for ${plan.project} cannot be applied: ${plan.blockers.map(({ message }) => message).join(' ')}`,
    remedy: first.remedy,
  });
}

const stale = (project: string): PlanNote => ({
  code: 'plan-stale',
  subject: project,
  message: `the stack "${project}" has changed since the plan was made; nothing was done.`,
  remedy: 'Plan again and look at what is different.',
});

function createPerformer(run: Run) {
  return {
    begun: ({ id }: PlanStep) => run.report(id, 'running', ''),
    ended: ({ id }: PlanStep, { state, detail }: StepOutcome) => run.report(id, state, detail),
    perform: async (step: PlanStep, whenGated: () => Promise<void>) => {
      try {
        return await performStep(run, step, whenGated);
      } catch (error) {
        const problem = toProblem(step, error);
        if (problem) run.problems.push(problem);
        // An aborted pull or build ends as an error of its stream.
        if (run.options.signal.aborted && step.resource === 'image') throw new StepEnd('skipped', 'cancelled');
        throw error;
      }
    },
  };
}

function performStep(run: Run, step: PlanStep, whenGated: () => Promise<void>): Promise<string> {
  switch (step.resource) {
    case 'image':
      return performImage(run, step);
    case 'network':
      return performNetwork(run, step);
    case 'volume':
      return performVolume(run, step);
    case 'container':
      return performContainer(run, step, whenGated);
  }
}

function toStepResult({ id }: PlanStep, outcome: StepOutcome | undefined): ApplyResult['steps'][number] {
  return { step: id, state: outcome?.state ?? 'skipped', detail: outcome?.detail ?? '' };
}

function toOutcome(run: Run, steps: ApplyResult['steps']): ApplyResult['outcome'] {
  if (steps.every(({ state }) => state === 'done')) return 'applied';
  const hasFailed = steps.some(({ state }) => state === 'failed');
  return run.options.signal.aborted && !hasFailed ? 'cancelled' : 'failed';
}

/** Several services may wait for the same one in vain: that is one problem. */
function unique(notes: readonly PlanNote[]): PlanNote[] {
  return [...new Map(notes.map((note) => [`${note.code} ${note.subject} ${note.message}`, note])).values()];
}
