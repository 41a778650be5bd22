// Creates and starts a compose project on the sandbox's engine: each service as soon as what it waits for is there.
import type { SandboxItem } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import type { ComposeProject, ComposeService, DependencyCondition } from '../stack/composeProject.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { type CreateContext, toContainerBody, toContainerName, toNetworkBody } from './createBodies.ts';
import { failed } from './engineProcess.ts';
import { requireNoCycle } from './startOrder.ts';

export interface StartOptions {
  engine: Engine;
  /** The project's containers, as events tell them. */
  observed: LiveValue<Observed | undefined>;
  project: ComposeProject;
  folder: string;
  /** How far one service has come. */
  onItem(name: string, state: SandboxItem['state'], detail: string): void;
  signal: AbortSignal;
}

const healthyWithinMs = 60_000;
/** What nobody waits for may take this long after all is started; then it is shown as what it is, and the rest is used. */
const lastOnesWithinMs = 15_000;

/**
 * Resolves when every service is started, and healthy where another one waits for it. Throws `sandbox-failed` with the
 * first failure of those; one that nobody waits for fails alone.
 */
export async function startPlatform(options: StartOptions): Promise<void> {
  const { engine, project, folder } = options;
  requireNoCycle(project.services);
  const context: CreateContext = { project, folder };
  await Promise.all(project.networks.map(({ name }) => engine.createNetwork(toNetworkBody(name, context))));

  // One failure stops the waiting of all others.
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  options.signal.addEventListener('abort', stop);
  const started = new Map<string, Promise<void>>();
  const start = (service: ComposeService): Promise<void> => {
    const known = started.get(service.name);
    if (known) return known;
    const dependencies = service.dependsOn.flatMap(({ service: name, condition }) => {
      const dependency = project.services.find((one) => one.name === name);
      return dependency ? [{ name, condition, whenStarted: start(dependency) }] : [];
    });
    const running = startService(service, dependencies, context, { ...options, signal: stopping.signal });
    started.set(service.name, running);
    return running;
  };
  try {
    await Promise.all(project.services.map((service) => start(service)));
    await Promise.all(project.services.map((service) => waitForLast(service, { ...options, signal: stopping.signal })));
  } finally {
    stop();
    options.signal.removeEventListener('abort', stop);
    await Promise.allSettled(started.values());
  }
}

interface Dependency {
  name: string;
  condition: DependencyCondition;
  whenStarted: Promise<void>;
}

async function startService(
  service: ComposeService,
  dependencies: readonly Dependency[],
  context: CreateContext,
  options: StartOptions,
): Promise<void> {
  const { engine, onItem, signal } = options;
  try {
    onItem(service.name, 'creating', service.image);
    const id = await engine.createContainer(toContainerName(service.name, context), toContainerBody(service, context));
    const waiting = new Set(dependencies.map(({ name, condition }) => `${name} (${condition})`));
    const sayWaiting = () => onItem(service.name, 'waiting', `waits for ${[...waiting].join(', ')}`);
    if (waiting.size > 0) sayWaiting();
    await Promise.all(
      dependencies.map(async ({ name, condition, whenStarted }) => {
        await whenStarted;
        const dependency = context.project.services.find((one) => one.name === name);
        if (dependency) await untilReady(dependency, condition, options);
        waiting.delete(`${name} (${condition})`);
        if (waiting.size > 0) sayWaiting();
      }),
    );
    if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
    onItem(service.name, 'starting', 'starts');
    await engine.start(id);
    onItem(service.name, 'started', service.healthCheck ? 'started, waits for its first healthy probe' : 'started');
  } catch (error) {
    if (!signal.aborted)
      onItem(service.name, 'failed', error instanceof Error ? error.message.slice(0, 500) : 'failed');
    throw error;
  }
}

async function waitForLast(service: ComposeService, options: StartOptions): Promise<void> {
  try {
    await untilReady(service, 'healthy', options, lastOnesWithinMs);
  } catch (error) {
    if (options.signal.aborted) throw error;
    options.onItem(service.name, 'failed', error instanceof Error ? error.message.slice(0, 500) : 'failed');
  }
}

/** Returns when the container meets the condition; a service without a health check is ready when it runs. */
async function untilReady(
  service: ComposeService,
  condition: DependencyCondition,
  { observed, onItem, signal }: StartOptions,
  withinMs = healthyWithinMs,
): Promise<void> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  const timer = setTimeout(stop, withinMs);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  let probe = 'no probe yet';
  try {
    for await (const { containers } of follow(observed, waiting.signal)) {
      const container = [...containers.values()].find((one) => one.service === service.name);
      if (!container) continue;
      if (container.health === 'healthy') onItem(service.name, 'healthy', 'healthy');
      if (isReady(service, condition, container)) return;
      probe = container.probes[0]?.output.trim().split('\n')[0]?.slice(0, 200) ?? probe;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
  throw failed(
    `${service.name} was not ${condition} within ${withinMs / 1000} s: ${probe}`,
    `Look at the log of ${service.name}, then start the sandbox again.`,
  );
}

/** Throws when the container ended, and the condition can no longer be met. */
function isReady(service: ComposeService, condition: DependencyCondition, container: ObservedContainer): boolean {
  if (container.state === 'exited') {
    if (condition === 'completed' && container.exitCode === 0) return true;
    throw failed(
      `${service.name} ended with exit ${container.exitCode}`,
      `Look at the log of ${service.name}, then start the sandbox again.`,
    );
  }
  if (condition === 'completed' || container.state !== 'running') return false;
  return condition === 'started' || !service.healthCheck || container.health === 'healthy';
}
