// The stack as an operator works on it: plan, carry out, watch, cancel; and how it is.
import {
  type ApplyResult,
  type Drift,
  GatehouseError,
  type KeptPlan,
  type PlanRequest,
  type PlanVerb,
  planOperations,
  type StackFiles,
  type StackRun,
  type StackStatus,
} from '../../../contract/index.ts';
import { isRemote, toPlace } from '../../docker/address.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Environments } from '../../environment/environments.ts';
import { toConfirmation } from '../../environment/guard.ts';
import type { LiveEnvironment } from '../../environment/liveEnvironment.ts';
import type { History } from '../../history/history.ts';
import { toSandboxProject } from '../../sandbox/sandboxProject.ts';
import type { LiveValue } from '../../stream/liveValue.ts';
import { findDrift } from '../drift/findDrift.ts';
import { observeStack } from '../plan/observeStack.ts';
import type { PreparedPlan } from '../plan/preparedPlan.ts';
import { renderPlan } from '../plan/renderPlan.ts';
import { readStackStatus } from '../status/readStackStatus.ts';
import { createKeptPlans, type KeptPlanEntry } from './keptPlans.ts';
import { askConfigHashes, type LoadedStack, loadStack, toFileOptions } from './loadStack.ts';
import { filesUnknown, makePlan, needsFiles } from './makePlan.ts';
import { recordBoot } from './recordBoot.ts';
import { findRemoteNotes } from './remoteFiles.ts';
import { createStackRuns } from './stackRuns.ts';

export interface StackOperator {
  plan(request: PlanRequest, signal: AbortSignal): Promise<KeptPlan>;
  /** `confirm` is the project's name where data would be lost, whatever the guard is. */
  carryOut(operation: string, given: CarryOut, signal: AbortSignal): Promise<ApplyResult>;
  watchRun(environment: string): LiveValue<StackRun | null>;
  cancel(environment: string, run: string): void;
  status(files: StackFiles, signal: AbortSignal): Promise<StackStatus>;
  drift(files: StackFiles, signal: AbortSignal): Promise<Drift>;
  /** Of a kept plan, for the guard: what is asked to run counts like what runs. */
  findModeOfPlan(id: string): string | null;
  close(): Promise<void>;
}

export interface CarryOut {
  environment: string;
  plan: string;
  confirm?: string | undefined;
}

export interface StackOperatorOptions {
  environments: Environments;
  /** The folder that was opened for an environment. */
  findFolder: (environment: string) => string | null;
  history: History;
  now: () => number;
}

export function createStackOperator({ environments, findFolder, history, now }: StackOperatorOptions): StackOperator {
  const plans = createKeptPlans(now);
  const runs = createStackRuns(history, now);

  const look = <T>(files: StackFiles, signal: AbortSignal, work: (view: StackView) => Promise<T>): Promise<T> =>
    environments.use(files.environment, signal, async (live) => {
      const engine = live.openEngine();
      try {
        return await work({ live, engine, ...(await findStack(files, live, engine, findFolder(files.environment))) });
      } finally {
        engine.close();
      }
    });

  return {
    plan: (request, signal) =>
      look(request, signal, async (view) => {
        const prepared = await preparePlan(request, view, now);
        const { stack } = view;
        const findConfigHashes = stack ? () => askConfigHashes(stack) : undefined;
        const { id } = plans.add({ environment: request.environment, prepared, findConfigHashes });
        const mode = modeOf(prepared) ?? undefined;
        const guard = await environments.inspect(request.environment, 'stack.plan', { mode }, signal);
        const { plan } = prepared;
        return { id, plan, text: renderPlan(plan), guard: guard.guard, guardReason: guard.guardReason };
      }),
    async carryOut(operation, { environment, plan: id, confirm }, signal) {
      const entry = plans.get(id, environment);
      requireOperation(operation, entry.prepared.plan.verb);
      requireConfirmation(operation, entry, confirm);
      return environments.use(environment, signal, async (live) => {
        const engine = live.openEngine();
        try {
          const place = environments.placeOf(environment);
          const result = await runs.carryOut(entry, engine, place);
          plans.delete(id);
          if (result.outcome === 'applied') await recordBoot({ entry, engine, place, history, now }, result);
          return result;
        } finally {
          engine.close();
        }
      });
    },
    watchRun: runs.watch,
    cancel: runs.cancel,
    status: (files, signal) =>
      look(files, signal, async ({ stack, engine, live, readsFiles }) => {
        const project = stack?.project ?? null;
        const observed = await observeStack(engine, projectOf(live), { project, readsFiles, now });
        return readStackStatus(engine, project, observed, { inactive: stack?.disabled });
      }),
    drift: (files, signal) =>
      look(files, signal, async ({ stack, engine, live, readsFiles }) => {
        if (!stack) throw filesUnknown('drift');
        const { project } = stack;
        const observed = await observeStack(engine, projectOf(live), { project, readsFiles, now });
        return findDrift(engine, project, observed, toFileOptions(stack));
      }),
    findModeOfPlan(id) {
      const entry = plans.find(id);
      return entry ? modeOf(entry.prepared) : null;
    },
    close: runs.close,
  };
}

/** For the guard: an input that names a kept plan asks for the plan's mode. */
export function withModeOfPlan(input: object, operator: Pick<StackOperator, 'findModeOfPlan'>): object {
  const { plan } = input as { plan?: unknown };
  return typeof plan === 'string' ? { ...input, mode: operator.findModeOfPlan(plan) } : input;
}

interface StackView {
  live: LiveEnvironment;
  engine: Engine;
  /** null: where the files are is not known. */
  stack: LoadedStack | null;
  /** false: the engine is another machine's. */
  readsFiles: boolean;
}

/** Throws what is wrong with files that were named or opened. */
async function findStack(
  { folder, mode, variables }: StackFiles,
  live: LiveEnvironment,
  engine: Engine,
  opened: string | null,
): Promise<Pick<StackView, 'stack' | 'readsFiles'>> {
  const readsFiles = !isRemote(engine.address);
  const current = live.frame.current.mode;
  const chosen = mode ?? (current === 'unknown' ? 'dev' : current);
  const load = async (from: string) => {
    const stack = await loadStack({ folder: from, mode: chosen, variables }, projectOf(live));
    // As it was started there: see toSandboxProject.
    return live.frame.current.engineKind === 'sandbox' ? { ...stack, project: toSandboxProject(stack.project) } : stack;
  };
  const known = folder ?? opened;
  if (known !== null) return { readsFiles, stack: await load(known) };
  // Where what runs was started from; on a remote engine that is a path there.
  const labelled = readsFiles ? findLabelledFolder(live) : undefined;
  if (labelled === undefined) return { readsFiles, stack: null };
  try {
    return { readsFiles, stack: await load(labelled) };
  } catch (error) {
    // A label is only a hint: files that were moved since do not stand in the way of what needs none.
    if (error instanceof GatehouseError) return { readsFiles, stack: null };
    throw error;
  }
}

/** Where compose says that what runs was started from: a hint, of the engine's machine. */
export function findLabelledFolder({ stack }: LiveEnvironment): string | undefined {
  for (const { labels } of stack.observed.current?.containers.values() ?? []) {
    const folder = labels['com.docker.compose.project.working_dir'];
    if (folder) return folder;
  }
  return undefined;
}

async function preparePlan(
  request: PlanRequest,
  { live, engine, stack, readsFiles }: StackView,
  now: () => number,
): Promise<PreparedPlan> {
  if (!stack && needsFiles(request.verb)) throw filesUnknown(request.verb);
  const fileOptions = stack ? toFileOptions(stack) : {};
  const observed = await observeStack(engine, projectOf(live), {
    project: stack?.project ?? null,
    withVolumeSizes: ['up', 'down', 'switch'].includes(request.verb),
    readsFiles,
    now,
  });
  const prepared = makePlan(request, { project: stack?.project ?? null, observed, fileOptions });
  if (readsFiles || !stack || !needsFiles(request.verb)) return prepared;
  const notes = findRemoteNotes(stack.project, stack.folder, toPlace(engine.address));
  const { plan } = prepared;
  const blockers = [...plan.blockers, ...notes.blockers];
  return { ...prepared, plan: { ...plan, blockers, warnings: [...plan.warnings, ...notes.warnings] } };
}

/** Of the files, also where nothing of them will run. */
function modeOf({ options, plan }: PreparedPlan): string | null {
  return options.mode ?? plan.mode.to;
}

function projectOf({ id }: LiveEnvironment): string {
  return id.slice(id.indexOf('~') + 1);
}

function requireOperation(operation: string, verb: PlanVerb): void {
  if (planOperations[verb] === operation) return;
  throw new GatehouseError({
    code: 'bad-input',
    message: `This is a plan for ${verb}, and stack.${operation} carries out others.`,
    remedy: `Use stack.${planOperations[verb]}.`,
  });
}

/** Asked even where nothing else asks: what is lost with a volume does not come back. */
function requireConfirmation(
  operation: string,
  { prepared: { plan } }: KeptPlanEntry,
  confirm: string | undefined,
): void {
  const losesData = plan.steps.some(({ resource, action }) => resource === 'volume' && action === 'remove');
  const carriesData = plan.warnings.some(({ code }) => code === 'data-crosses-modes');
  if ((!losesData && !carriesData) || confirm === plan.project) return;
  throw new GatehouseError(toConfirmation({ name: `stack.${operation}`, project: plan.project, confirm }));
}
