// Hands the ring what the engine says of each running container, as long as somebody looks.
import type { ContainerUsage, Stats } from '../../../contract/index.ts';
import type { ObservedContainer } from '../../docker/observed.ts';
import type { StatsHub } from '../../stats/statsHub.ts';
import { containerMetrics } from '../charts/definitions.ts';
import type { Look, Ring } from './ring.ts';

export interface EngineFeedOptions {
  ring: Ring;
  stats: StatsHub;
  containers: () => Iterable<Pick<ObservedContainer, 'id' | 'labels'>>;
}

export async function feedFromEngine({ ring, stats, containers }: EngineFeedOptions, signal: AbortSignal) {
  for await (const one of stats.watch(signal)) ring.add(toContainerLook(one, toNumbers(containers())));
}

/** `numbers` tell replicas of a service apart; the same one is always called the same. Pure. */
export function toContainerLook({ at, containers }: Stats, numbers: ReadonlyMap<string, string>): Look {
  const replicas = Map.groupBy(containers, ({ service }) => service);
  const gauges = containers.flatMap((usage) => {
    const isAlone = replicas.get(usage.service)?.length === 1;
    const container = isAlone
      ? usage.service
      : `${usage.service} ${numbers.get(usage.container) ?? usage.container.slice(0, 12)}`;
    return toLevels(usage).map(([metric, value]) => ({ metric, labels: { container }, value }));
  });
  return { at, counters: [], gauges };
}

function toLevels(usage: ContainerUsage): [metric: string, value: number][] {
  const { cpuShare, cpuLimit, memoryBytes, memoryLimitBytes } = usage;
  const levels: [string, number | null][] = [
    [containerMetrics.cpu, cpuShare],
    [containerMetrics.cpuLimit, toShare(cpuShare, cpuLimit)],
    [containerMetrics.memory, memoryBytes],
    [containerMetrics.memoryLimit, toShare(memoryBytes, memoryLimitBytes)],
    [containerMetrics.received, usage.networkRxBytesPerSecond],
    [containerMetrics.sent, usage.networkTxBytesPerSecond],
  ];
  return levels.filter((level): level is [string, number] => level[1] !== null);
}

function toShare(value: number | null, limit: number | null): number | null {
  return value === null || !limit ? null : value / limit;
}

function toNumbers(containers: Iterable<Pick<ObservedContainer, 'id' | 'labels'>>): Map<string, string> {
  const numbers = new Map<string, string>();
  for (const { id, labels } of containers) {
    const number = labels['com.docker.compose.container-number'];
    if (number !== undefined && /^\d{1,9}$/.test(number)) numbers.set(id, number);
  }
  return numbers;
}
