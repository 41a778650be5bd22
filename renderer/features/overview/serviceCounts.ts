import type { Level, Service } from '../../../app/contract/index.ts';

export function countLevels(services: readonly Pick<Service, 'level'>[]): Record<Level, number> {
  const counts: Record<Level, number> = { ok: 0, degraded: 0, down: 0, unknown: 0 };
  for (const service of services) counts[service.level] += 1;
  return counts;
}
