// Creates and starts a compose project on the sandbox's engine: each service as soon as what it waits for is there.
import type { SandboxItem } from '../../contract/index.ts';
import type { Engine } from '../docker/engine.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { Observed } from '../docker/reducer.ts';
import type { LoadedProject } from '../stack/compose/loadProject.ts';
import type { Service } from '../stack/compose/project.ts';
import { toShownDependencies } from '../stack/dependsOnLabel.ts';
import { isAwaited } from '../stack/plan/dependencies.ts';
import { follow, type LiveValue } from '../stream/liveValue.ts';
import { toContainerBody, toContainerName, toNetworkBody } from './createBodies.ts';
import { failed } from './engineProcess.ts';

export interface StartOptions {
  engine: Engine;
  /** The project's containers, as events tell them. */
  observed: LiveValue<Observed | undefined>;
  /** Without cycles: it would not have been loaded. */
  loaded: LoadedProject;
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
  const { engine, loaded } = options;
  const { project } = loaded;
  const services = Object.keys(project.services);
  await Promise.all(
    Object.keys(project.networks ?? {}).map((key) => engine.createNetwork(toNetworkBody(key, project))),
  );

  // One failure stops the waiting of all others.
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  options.signal.addEventListener('abort', stop);
  const started = new Map<string, Promise<void>>();
  const start = (name: string): Promise<void> => {
    const known = started.get(name);
    if (known) return known;
    const service = project.services[name];
    if (!service) return Promise.resolve();
    const dependencies = toShownDependencies(service)
      // One that is not required may be left out by its profile.
      .filter(({ service: needed }) => project.services[needed])
      .map(({ service: needed, condition }) => ({ name: needed, condition, whenStarted: start(needed) }));
    const running = startService({ name, service }, dependencies, { ...options, signal: stopping.signal });
    started.set(name, running);
    return running;
  };
  try {
    await Promise.all(services.map(start));
    await Promise.all(services.map((name) => waitForLast(name, { ...options, signal: stopping.signal })));
  } finally {
    stop();
    options.signal.removeEventListener('abort', stop);
    await Promise.allSettled(started.values());
  }
}

type Condition = ReturnType<typeof toShownDependencies>[number]['condition'];

interface Dependency {
  name: string;
  condition: Condition;
  whenStarted: Promise<void>;
}

async function startService(
  { name: own, service }: { name: string; service: Service },
  dependencies: readonly Dependency[],
  options: StartOptions,
): Promise<void> {
  const { engine, loaded, onItem, signal } = options;
  try {
    onItem(own, 'creating', service.image ?? '');
    const body = toContainerBody(own, service, loaded);
    const id = await engine.createContainer(toContainerName(own, loaded.project), body);
    const waiting = new Set(dependencies.map(({ name, condition }) => `${name} (${condition})`));
    const sayWaiting = () => onItem(own, 'waiting', `waits for ${[...waiting].join(', ')}`);
    if (waiting.size > 0) sayWaiting();
    await Promise.all(
      dependencies.map(async ({ name, condition, whenStarted }) => {
        await whenStarted;
        await untilReady(name, condition, options);
        waiting.delete(`${name} (${condition})`);
        if (waiting.size > 0) sayWaiting();
      }),
    );
    if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
    onItem(own, 'starting', 'starts');
    await engine.start(id);
    onItem(own, 'started', service.healthcheck ? 'started, waits for its first healthy probe' : 'started');
  } catch (error) {
    if (!signal.aborted) onItem(own, 'failed', error instanceof Error ? error.message.slice(0, 500) : 'failed');
    throw error;
  }
}

async function waitForLast(name: string, options: StartOptions): Promise<void> {
  const condition = isAwaited(options.loaded.project, name) ? 'completed' : 'healthy';
  try {
    await untilReady(name, condition, options, lastOnesWithinMs);
  } catch (error) {
    if (options.signal.aborted) throw error;
    options.onItem(name, 'failed', error instanceof Error ? error.message.slice(0, 500) : 'failed');
  }
}

/** Returns when the container meets the condition; a service without a health check is ready when it runs. */
async function untilReady(
  name: string,
  condition: Condition,
  { observed, loaded, onItem, signal }: StartOptions,
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
      const container = [...containers.values()].find((one) => one.service === name);
      if (!container) continue;
      if (container.health === 'healthy') onItem(name, 'healthy', 'healthy');
      const hasHealthCheck = loaded.project.services[name]?.healthcheck !== undefined;
      if (isReady(condition, container, hasHealthCheck)) {
        if (condition === 'completed') onItem(name, 'healthy', 'done');
        return;
      }
      probe = container.probes[0]?.output.trim().split('\n')[0]?.slice(0, 200) ?? probe;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) throw failed('its start was stopped', 'Start it again.');
  throw failed(
    `${name} was not ${condition} within ${withinMs / 1000} s: ${probe}`,
    `Look at the log of ${name}, then start the sandbox again.`,
  );
}

/** Throws when the container ended, and the condition can no longer be met. */
function isReady(condition: Condition, container: ObservedContainer, hasHealthCheck: boolean): boolean {
  if (container.state === 'exited') {
    if (condition === 'completed' && container.exitCode === 0) return true;
    throw failed(
      `${container.service} ended with exit ${container.exitCode}`,
      `Look at the log of ${container.service}, then start the sandbox again.`,
    );
  }
  if (condition === 'completed' || container.state !== 'running') return false;
  return condition === 'started' || !hasHealthCheck || container.health === 'healthy';
}
