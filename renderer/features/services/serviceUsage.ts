// What a service takes: its containers together. Pure.
import type { ContainerUsage, Stats } from '../../../app/contract/index.ts';

export interface ServiceUsage {
  /** Of one core: 1.5 is one core and a half. */
  cpuShare: number | null;
  /** Cores that all containers together may use; null when one of them has no limit. */
  cpuLimit: number | null;
  memoryBytes: number | null;
  memoryLimitBytes: number | null;
  networkRxBytesPerSecond: number | null;
  networkTxBytesPerSecond: number | null;
  pids: number | null;
}

/** By service. One that has no running container is not there. */
export function toServiceUsage(stats: Pick<Stats, 'containers'> | null): ReadonlyMap<string, ServiceUsage> {
  const byService = new Map<string, ContainerUsage[]>();
  for (const usage of stats?.containers ?? []) {
    byService.set(usage.service, [...(byService.get(usage.service) ?? []), usage]);
  }
  return new Map([...byService].map(([service, containers]) => [service, addUp(containers)]));
}

/** A sum in which one part is unknown is unknown: it would show less than what is taken. */
function addUp(containers: readonly ContainerUsage[]): ServiceUsage {
  const total = (read: (usage: ContainerUsage) => number | null): number | null =>
    containers.reduce<number | null>((sum, usage) => {
      const part = read(usage);
      return sum === null || part === null ? null : sum + part;
    }, 0);
  return {
    cpuShare: total((usage) => usage.cpuShare),
    cpuLimit: total((usage) => usage.cpuLimit),
    memoryBytes: total((usage) => usage.memoryBytes),
    memoryLimitBytes: total((usage) => usage.memoryLimitBytes),
    networkRxBytesPerSecond: total((usage) => usage.networkRxBytesPerSecond),
    networkTxBytesPerSecond: total((usage) => usage.networkTxBytesPerSecond),
    pids: total((usage) => usage.pids),
  };
}
