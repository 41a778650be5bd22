// Brings a compose project up on the sandbox's engine as on every other one, by a plan, and shows how far each service is.
import type { ApplyProgress, PlanStep, SandboxItem } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { Observed } from '../docker/reducer.ts';
import { applyPlan } from '../stack/apply/applyPlan.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import { isAwaited } from '../stack/plan/dependencies.ts';
import { observeStack } from '../stack/plan/observeStack.ts';
import { planUp } from '../stack/plan/planUp.ts';
import { type PreparedPlan, toPlanOptions } from '../stack/plan/preparedPlan.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { failed } from './engineProcess.ts';
import { toSandboxProject } from './sandboxProject.ts';

export interface StartOptions {
  engine: Engine;
  /** The project's containers, as events tell them. */
  observed: LiveValue<Observed | undefined>;
  loaded: LoadedProject;
  /** How far one service has come. */
  onItem(name: string, state: SandboxItem['state'], detail: string): void;
  /** Told when all is up, with the moments between which it came up. */
  onUp?:
    | ((prepared: PreparedPlan, engine: Engine, took: { startedAt: number; endedAt: number }) => Promise<void>)
    | undefined;
  signal: AbortSignal;
  now: () => number;
}

/** On top of what a health check gives itself. */
const gateSlackMs = 30_000;
/** What nobody waits for may take this long after all is started; then it is shown as what it is, and the rest is used. */
const lastOnesWithinMs = 15_000;

/**
 * Resolves when every service is started, and healthy where another one waits for it. Throws `sandbox-failed` with the
 * first failure of those; one that nobody waits for fails alone.
 */
export async function startPlatform(options: StartOptions): Promise<void> {
  const { engine, loaded, signal, now } = options;
  const project = toSandboxProject(loaded.project);
  const stack = await observeStack(engine, project.name, { project, now });
  const prepared = planUp(project, stack, { ...toPlanOptions(loaded), mode: 'dev' });
  const steps = new Map(prepared.plan.steps.map((step) => [step.id, step]));
  const following = new AbortController();
  const showing = showHealth(options, following.signal);
  try {
    const result = await applyPlan(prepared, engine, {
      signal,
      now,
      gateSlackMs,
      onProgress: (progress) => showStep(steps.get(progress.step), progress, options),
    });
    const [problem] = result.problems;
    if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
    if (result.outcome !== 'applied') {
      throw failed(problem?.message ?? 'not everything was started', problem?.remedy ?? 'Start the sandbox again.');
    }
    await untilHealthy(options);
    await options.onUp?.(prepared, engine, { startedAt: result.startedAt, endedAt: now() });
  } finally {
    following.abort();
    await showing;
  }
}

/** Networks and volumes come before the containers and are not shown. */
function showStep(step: PlanStep | undefined, { state, detail }: ApplyProgress, options: StartOptions): void {
  if (step?.resource !== 'container' || step.key === null) return;
  const { onItem, loaded } = options;
  const show = (shown: SandboxItem['state'], words: string) => onItem(step.key ?? '', shown, words);
  if (state === 'waiting') show('waiting', `waits for ${findAwaited(step, options).join(', ')}`);
  else if (state === 'running') show(detail === 'starting' ? 'starting' : 'creating', detail);
  else if (state !== 'done') show('failed', detail);
  else if (loaded.project.services[step.key]?.healthcheck)
    show('started', 'started, waits for its first healthy probe');
  else show('started', 'started');
}

function findAwaited({ gates }: PlanStep, { observed }: StartOptions): string[] {
  const isHealthy = (service: string) => findContainer(observed.current, service)?.health === 'healthy';
  return gates
    .filter(({ service, condition }) => condition !== 'healthy' || !isHealthy(service))
    .map(({ service, condition }) => `${service} (${condition})`);
}

const findContainer = (observed: Observed | undefined, service: string) =>
  [...(observed?.containers.values() ?? [])].find((one) => one.service === service);

async function showHealth({ observed, loaded, onItem }: StartOptions, signal: AbortSignal): Promise<void> {
  for await (const value of follow(observed, signal)) {
    for (const { service, health, state, exitCode } of value.containers.values()) {
      if (service === null) continue;
      if (health === 'healthy') onItem(service, 'healthy', 'healthy');
      else if (state === 'exited' && exitCode === 0 && isAwaited(loaded.project, service)) {
        onItem(service, 'healthy', 'done');
      }
    }
  }
}

/** Those that do not become healthy in time fail alone: nobody waits for them. */
async function untilHealthy({ observed, loaded, onItem, signal }: StartOptions): Promise<void> {
  const checked = Object.entries(loaded.project.services).filter(([, { healthcheck }]) => healthcheck);
  const late = new Set(checked.map(([name]) => name));
  const timeout = AbortSignal.timeout(lastOnesWithinMs);
  for await (const value of follow(observed, AbortSignal.any([signal, timeout]))) {
    for (const name of late) if (findContainer(value, name)?.health === 'healthy') late.delete(name);
    if (late.size === 0) return;
  }
  if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
  for (const name of late) {
    const said = findContainer(observed.current, name)?.probes[0]?.output.trim().split('\n')[0]?.slice(0, 200);
    onItem(name, 'failed', `not healthy within ${lastOnesWithinMs / 1000} s: ${said ?? 'no probe yet'}`);
  }
}
