// The steps of containers but the exchange of one for another.
import type { PlanStep } from '../../../contract/index.ts';
import type { StackContainer } from '../../docker/stackContainer.ts';
import type { DownOptions } from '../plan/preparedPlan.ts';
import { createContainer } from './createContainer.ts';
import { passGates } from './gates.ts';
import { keepLog } from './keptLog.ts';
import { replaceContainer, toGraceMs } from './replaceContainer.ts';
import { type Run, StepEnd } from './run.ts';

export async function performContainer(run: Run, step: PlanStep, whenGated: () => Promise<void>): Promise<string> {
  if (step.action === 'create') return create(run, step, whenGated);
  const existing = step.target === null ? undefined : await run.engine.stack.containers.inspect(step.target);
  if (step.action === 'remove') return existing ? remove(run, existing) : 'gone already';
  if (step.action === 'recreate') return recreate(run, step, existing, whenGated);
  if (!existing) throw new StepEnd('failed', `${step.name} was removed meanwhile`);
  if (step.action === 'stop') return stop(run, existing);
  if (step.action === 'pause' || step.action === 'kill') return interrupt(run, step.action, existing.id);
  await whenGated();
  await passGates(run, step);
  return wake(run, step, existing);
}

async function create(run: Run, step: PlanStep, whenGated: () => Promise<void>): Promise<string> {
  run.report(step.id, 'running', 'creating');
  const { id } = await createContainer(run, step, { name: step.name });
  run.members.set(step.key ?? '', step.replica ?? 1, id);
  await whenGated();
  await passGates(run, step);
  run.report(step.id, 'running', 'starting');
  await run.engine.stack.containers.start(id);
  return 'started';
}

async function recreate(
  run: Run,
  step: PlanStep,
  existing: StackContainer | undefined,
  whenGated: () => Promise<void>,
): Promise<string> {
  if (!existing) return create(run, step, whenGated);
  if (step.onlyIfNewImage !== null) {
    const image = await run.engine.stack.images.inspect(step.onlyIfNewImage);
    if (image?.id === existing.imageId) return 'its image is the same';
  }
  return replaceContainer(run, step, { existing, whenGated });
}

async function stop(run: Run, existing: StackContainer): Promise<string> {
  await run.engine.stack.containers.stop(existing.id, { limitMs: toGraceMs(existing) });
  await untilListedAsEnded(run, existing.id);
  return 'stopped';
}

async function interrupt(run: Run, action: 'pause' | 'kill', id: string): Promise<string> {
  await run.engine.stack.containers[action](id);
  if (action === 'pause') return 'paused';
  await untilListedAsEnded(run, id);
  return 'killed';
}

const listedWithinMs = 2000;

/** Docker 26 answers before its own list knows: whoever planned by that list would find the container running still. */
async function untilListedAsEnded({ engine, prepared, options, pulse, now }: Run, id: string): Promise<void> {
  const giveUpAt = now() + listedWithinMs;
  const isRunning = async () =>
    (await engine.listContainers(prepared.plan.project)).some((one) => one.id === id && one.state === 'running');
  while (now() < giveUpAt && !options.signal.aborted && (await isRunning())) await pulse.next(options.signal);
}

async function wake(run: Run, step: PlanStep, existing: StackContainer): Promise<string> {
  const { containers } = run.engine.stack;
  switch (step.action) {
    case 'restart':
      // It has waited for its turn, which is over.
      run.report(step.id, 'running', 'restarting');
      await containers.restart(existing.id, { limitMs: toGraceMs(existing) });
      return 'restarted';
    case 'unpause':
      await containers.unpause(existing.id);
      return 'unpaused';
    default:
      run.report(step.id, 'running', 'starting');
      await containers.start(existing.id);
      return 'started';
  }
}

async function remove(run: Run, existing: StackContainer): Promise<string> {
  const { containers } = run.engine.stack;
  const { removeVolumes, confirmVolumes } = run.prepared.options as DownOptions;
  if (existing.state !== 'created') await containers.stop(existing.id, { limitMs: toGraceMs(existing) });
  await keepLog(run, existing);
  const volumes = removeVolumes === true && confirmVolumes === run.prepared.plan.project;
  await containers.remove(existing.id, { force: true, volumes });
  run.members.delete(existing.id);
  return 'removed';
}
