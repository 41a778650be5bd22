// Which containers a list has, and in which order. Pure.
import { type Filters, matchesName, passesAny, passesLabels } from '../http/filters.ts';
import type { Container } from './container.ts';
import { toRepository } from './programs.ts';
import { isUp } from './state.ts';

export const LIST_FILTERS = ['label', 'name', 'status', 'id', 'network', 'health', 'exited', 'volume', 'ancestor'];

/** The newest first; those of one millisecond in reverse order of creation. */
export function findListed(containers: readonly Container[], filters: Filters, all: boolean): Container[] {
  return containers.filter((container) => (all || isUp(container.state)) && passes(filters, container)).toReversed();
}

function passes(filters: Filters, container: Container): boolean {
  const { id, name, labels, mounts, state, spec } = container;
  const networks = [...container.endpoints.values()];
  const health = container.health?.status ?? 'none';
  return (
    passesLabels(filters, labels) &&
    passesAny(filters, 'name', (wanted) => matchesName(name, wanted)) &&
    passesAny(filters, 'id', (wanted) => id.startsWith(wanted)) &&
    passesAny(filters, 'status', (wanted) => state.status === wanted) &&
    passesAny(filters, 'health', (wanted) => health === wanted) &&
    passesAny(filters, 'exited', (wanted) => state.status === 'exited' && String(state.exitCode) === wanted) &&
    passesAny(filters, 'volume', (wanted) => mounts.some((one) => one.volume === wanted || one.target === wanted)) &&
    passesAny(filters, 'ancestor', (wanted) => spec.image === wanted || toRepository(spec.image) === wanted) &&
    passesAny(filters, 'network', (wanted) =>
      networks.some((one) => one.networkName === wanted || one.networkId === wanted),
    )
  );
}
