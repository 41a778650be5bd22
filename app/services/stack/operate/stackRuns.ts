// Plans that are carried out: one at a time in an environment, to be watched and cancelled by everybody, and not tied to
// the window that began it: one that is reloaded or lost does not leave a stack half way.
import { type ApplyProgress, type ApplyResult, GatehouseError, type StackRun } from '../../../contract/index.ts';
import type { Engine } from '../../docker/engine.ts';
import type { History } from '../../history/history.ts';
import { addKeptLog, keptLogLimitBytes } from '../../history/keptLogs.ts';
import { takeLock } from '../../history/locks.ts';
import { createLiveValue, type LiveValue, type WritableLiveValue } from '../../stream/liveValue.ts';
import { applyPlan } from '../apply/applyPlan.ts';
import type { KeptPlanEntry } from './keptPlans.ts';

export interface StackRuns {
  /** The run of now, or the last one; null when there was none. */
  watch(environment: string): LiveValue<StackRun | null>;
  /** Throws `run-in-progress`, and as applyPlan does. */
  carryOut(entry: KeptPlanEntry, engine: Engine, place: string): Promise<ApplyResult>;
  /** Throws `plan-unknown` when no such run goes on. */
  cancel(environment: string, id: string): void;
  /** Cancels what goes on, and waits for it. */
  close(): Promise<void>;
}

interface Going {
  readonly id: string;
  readonly abort: AbortController;
  readonly ended: Promise<unknown>;
}

const outputLines = 200;
const environmentLimit = 100;

export function createStackRuns(history: History, now: () => number): StackRuns {
  const views = new Map<string, WritableLiveValue<StackRun | null>>();
  const going = new Map<string, Going>();
  const viewOf = (environment: string) => {
    const view = views.get(environment) ?? createLiveValue<StackRun | null>(null);
    views.set(environment, view);
    const oldest = views.size > environmentLimit ? [...views.keys()].find((id) => !going.has(id)) : undefined;
    if (oldest !== undefined && oldest !== environment) views.delete(oldest);
    return view;
  };

  const begin = (entry: KeptPlanEntry, engine: Engine, place: string) => {
    const lock = takeLock(history, place, now);
    if ('heldBy' in lock) throw inProgress(entry.environment, `the process ${lock.heldBy}`);
    const abort = new AbortController();
    const applying = apply({ entry, engine, place, history, now, view: viewOf(entry.environment) }, abort.signal);
    const ended = applying.finally(() => {
      going.delete(entry.environment);
      lock.release();
    });
    going.set(entry.environment, { id: entry.id, abort, ended: ended.catch(() => {}) });
    return ended;
  };

  return {
    watch: viewOf,
    async carryOut(entry, engine, place) {
      if (going.has(entry.environment)) throw inProgress(entry.environment, 'this console');
      return begin(entry, engine, place);
    },
    cancel(environment, id) {
      const run = going.get(environment);
      if (run?.id !== id) throw notGoing(environment, id);
      const view = viewOf(environment);
      if (view.current) view.set({ ...view.current, isCancelled: true });
      run.abort.abort();
    },
    async close() {
      const all = [...going.values()];
      for (const { abort } of all) abort.abort();
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

interface ApplyParts {
  entry: KeptPlanEntry;
  engine: Engine;
  place: string;
  history: History;
  now: () => number;
  view: WritableLiveValue<StackRun | null>;
}

async function apply(
  { entry, engine, place, history, now, view }: ApplyParts,
  signal: AbortSignal,
): Promise<ApplyResult> {
  const { plan } = entry.prepared;
  const startedAt = now();
  view.set({
    id: entry.id,
    verb: plan.verb,
    project: plan.project,
    mode: plan.mode.to,
    startedAt,
    result: null,
    isCancelled: false,
    steps: plan.steps.map(({ id }) => ({ step: id, state: 'waiting', detail: '', at: startedAt })),
    output: [],
  });
  const change = (next: (run: StackRun) => Partial<StackRun>) => {
    if (view.current) view.set({ ...view.current, ...next(view.current) });
  };
  const end = (result: ApplyResult) => {
    change(() => ({ result }));
    return result;
  };
  try {
    const result = await applyPlan(entry.prepared, engine, {
      signal,
      findConfigHashes: entry.findConfigHashes,
      now,
      onProgress: (progress) => change(({ steps }) => ({ steps: withProgress(steps, progress) })),
      onOutput: (step, line) =>
        change(({ output }) => ({ output: [...output, { step, line: line.slice(0, 1000) }].slice(-outputLines) })),
      keepLog: async ({ name, service }, log) =>
        addKeptLog(history, place, {
          at: now(),
          service: service ?? name,
          container: name,
          log,
          cut: log.length > keptLogLimitBytes * 0.9,
        }),
    });
    return end(result);
  } catch (error) {
    end(toFailure(error, startedAt, now()));
    throw error;
  }
}

/** Pure. `at` is the moment at which the state began: another detail of the same state does not begin it anew. */
function withProgress(steps: readonly ApplyProgress[], progress: ApplyProgress): ApplyProgress[] {
  return steps.map((step) => {
    if (step.step !== progress.step) return step;
    return step.state === progress.state ? { ...progress, at: step.at } : progress;
  });
}

/** Who watches learns that it ended, and why. */
function toFailure(error: unknown, startedAt: number, endedAt: number): ApplyResult {
  const isOurs = error instanceof GatehouseError;
  const note = {
    code: isOurs ? error.code : 'internal',
    subject: '',
    message: isOurs ? error.message : 'Carrying it out failed in a way that was not expected.',
    remedy: isOurs ? error.remedy : 'Plan again; the log of the host says more.',
  };
  return { outcome: 'failed', steps: [], problems: [note], remarks: [], startedAt, endedAt };
}

function inProgress(environment: string, who: string): GatehouseError {
  return new GatehouseError({
    code: 'run-in-progress',
    message: `Another plan is being carried out in ${environment}, by ${who}.`,
    remedy: 'Wait until it has ended, or cancel it.',
  });
}

function notGoing(environment: string, id: string): GatehouseError {
  return new GatehouseError({
    code: 'plan-unknown',
    message: `No plan ${id.slice(0, 64)} is being carried out in ${environment}.`,
    remedy: 'It may have ended already.',
  });
}
