// How long a service will not answer: what its stop and its health check may take. An estimate, and said as one.
import type { PlanDowntime } from '../../../contract/index.ts';
import type { HealthCheck, Project } from '../compose/project.ts';
import { toMs } from '../spec/quantities.ts';
import type { StepDraft } from './draft.ts';

/** A container takes this long to start, on an engine that has nothing else to do (measured: 0.3 to 0.6 s). */
const startMs = 500;

export function toDowntime(project: Project | null, steps: readonly StepDraft[]): PlanDowntime[] {
  const services = [...new Set(steps.flatMap(({ resource, key }) => (resource === 'container' && key ? [key] : [])))];
  return services.sort().flatMap((service) => {
    const own = steps.filter((step) => step.resource === 'container' && step.key === service);
    return toServiceDowntime(project, service, own) ?? [];
  });
}

function toServiceDowntime(
  project: Project | null,
  service: string,
  own: readonly StepDraft[],
): PlanDowntime | undefined {
  const ending = own.filter(({ action }) => ['recreate', 'restart', 'stop', 'pause', 'kill'].includes(action));
  if (ending.length === 0) return undefined;
  if (!own.some(({ action }) => ['create', 'recreate', 'restart', 'start'].includes(action))) {
    return { service, leastMs: null, mostMs: null, basis: 'until it is started again' };
  }
  if (ending.some(({ action }) => action === 'stop')) {
    return { service, leastMs: null, mostMs: null, basis: 'stopped until its networks are there again' };
  }
  const declared = project?.services[service];
  const replicas = new Set(ending.map(({ replica }) => replica)).size;
  if (replicas > 1) return { service, leastMs: 0, mostMs: 0, basis: `${replicas} replicas, one at a time` };
  if (!declared) return { service, leastMs: startMs, mostMs: null, basis: 'its files are not known' };
  const stopMs = toMs(declared.stop_grace_period) ?? 10_000;
  const health = toHealthRange(declared.healthcheck);
  const parts = [
    `stop up to ${toSeconds(stopMs)}`,
    'start',
    ...(health ? [`healthy after ${toSeconds(health.leastMs)} to ${toSeconds(health.mostMs)}`] : []),
  ];
  return {
    service,
    leastMs: startMs + (health?.leastMs ?? 0),
    mostMs: stopMs + startMs + (health?.mostMs ?? 0),
    basis: parts.join(', '),
  };
}

const toSeconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

/** From one interval to all the time that a check gives before it says unhealthy; undefined without a check. */
export function toHealthRange(check: HealthCheck | undefined): { leastMs: number; mostMs: number } | undefined {
  if (!check?.test || check.disable || check.test[0] === 'NONE') return undefined;
  // The engine's defaults: every 30 s, 30 s to answer, 3 times.
  const intervalMs = toMs(check.interval) || 30_000;
  const timeoutMs = toMs(check.timeout) || 30_000;
  const startPeriodMs = toMs(check.start_period) ?? 0;
  return { leastMs: intervalMs, mostMs: startPeriodMs + (check.retries || 3) * (intervalMs + timeoutMs) };
}
