// How a condition of a service is drawn, and in which order services are read. Pure.
import type { Level, ServiceCondition, ServiceStatus } from '../../../app/contract/index.ts';

export const conditionLevels: Readonly<Record<ServiceCondition, Level>> = {
  crashed: 'down',
  unhealthy: 'down',
  missing: 'down',
  stopped: 'degraded',
  paused: 'degraded',
  starting: 'degraded',
  // Nobody says how it should be.
  orphan: 'unknown',
  running: 'ok',
  healthy: 'ok',
  done: 'ok',
};

const order = Object.keys(conditionLevels) as ServiceCondition[];

/** Trouble first, then by name. */
export function sortByCondition(services: readonly ServiceStatus[]): ServiceStatus[] {
  return services.toSorted(
    (a, b) => order.indexOf(a.condition) - order.indexOf(b.condition) || (a.service < b.service ? -1 : 1),
  );
}

/** `1 crashed, 2 starting, 23 healthy`. */
export function countConditions(services: readonly ServiceStatus[]): string {
  return order
    .flatMap((condition) => {
      const count = services.filter((service) => service.condition === condition).length;
      return count === 0 ? [] : [`${count} ${condition}`];
    })
    .join(', ');
}

/** Replicas that are as they should be. */
export function countWell({ replicas }: ServiceStatus): number {
  return replicas.filter(({ condition }) => conditionLevels[condition] === 'ok').length;
}

/** Since when its youngest running replica runs; null: none does. */
export function findStarted({ replicas }: ServiceStatus): number | null {
  const starts = replicas.flatMap(({ condition, startedAt }) =>
    startedAt !== null && ['running', 'healthy', 'starting', 'unhealthy'].includes(condition) ? [startedAt] : [],
  );
  return starts.length === 0 ? null : Math.max(...starts);
}
