// From two samples of counters to what a container takes. Pure.
import type { ContainerUsage } from '../../contract/index.ts';
import type { ObservedContainer } from '../docker/observed.ts';
import type { UsageSample } from '../docker/usage.ts';

/** Two samples this close say more about the clock than about the container. */
const shortestMs = 100;

/** Rates need a sample before and one after; without them, and where a counter fell back (a restart), they are null. */
export function toContainerUsage(
  { id, service, limits }: Pick<ObservedContainer, 'id' | 'service' | 'limits'>,
  before: UsageSample | undefined,
  after: UsageSample | undefined,
): ContainerUsage {
  const seconds = before && after && after.at - before.at >= shortestMs ? (after.at - before.at) / 1000 : null;
  const perSecond = (first: number | null | undefined, last: number | null | undefined): number | null => {
    if (seconds === null || first === null || first === undefined || last === null || last === undefined) return null;
    return last < first ? null : (last - first) / seconds;
  };
  const cpuPerSecond = perSecond(before?.cpuNanoseconds, after?.cpuNanoseconds);
  const network = before && after ? toSharedTotals(before, after) : null;
  return {
    container: id,
    service: service ?? '',
    cpuShare: cpuPerSecond === null ? null : cpuPerSecond / 1e9,
    cpuLimit: limits.cpus,
    memoryBytes: after?.memoryBytes ?? null,
    memoryLimitBytes: limits.memoryBytes,
    networkRxBytesPerSecond: network && perSecond(network.before.rxBytes, network.after.rxBytes),
    networkTxBytesPerSecond: network && perSecond(network.before.txBytes, network.after.txBytes),
    pids: after?.pids ?? null,
  };
}

/** Over the interfaces of both samples: one that was just connected would count all that it ever carried. */
function toSharedTotals(before: UsageSample, after: UsageSample) {
  const names = Object.keys(after.networks).filter((name) => before.networks[name] !== undefined);
  if (names.length === 0) return null;
  const sum = ({ networks }: UsageSample) => ({
    rxBytes: names.reduce((total, name) => total + (networks[name]?.rxBytes ?? 0), 0),
    txBytes: names.reduce((total, name) => total + (networks[name]?.txBytes ?? 0), 0),
  });
  return { before: sum(before), after: sum(after) };
}
