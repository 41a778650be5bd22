// Which containers of a service stay, which are too many, and which are left over from a change that was broken off.
import type { StackContainer } from '../../docker/stackContainer.ts';

export interface SortedReplicas {
  readonly kept: readonly StackContainer[];
  readonly surplus: readonly StackContainer[];
  readonly leftovers: readonly StackContainer[];
}

export interface ReplicaOptions {
  nameOf(replica: number): string;
  isDifferent(container: StackContainer): boolean;
}

/** As compose chooses: what differs goes first, then the highest numbers. */
export function sortReplicas(
  containers: readonly StackContainer[],
  wanted: number,
  { nameOf, isDifferent }: ReplicaOptions,
): SortedReplicas {
  const byNumber = new Map<number, StackContainer[]>();
  for (const one of containers) byNumber.set(one.replica, [...(byNumber.get(one.replica) ?? []), one]);
  const originals: StackContainer[] = [];
  const leftovers: StackContainer[] = [];
  for (const [number, twins] of byNumber) {
    const rank = (one: StackContainer) => (one.name === nameOf(number) ? 2 : 0) + (one.state === 'running' ? 1 : 0);
    const [best, ...others] = [...twins].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
    if (best) originals.push(best);
    leftovers.push(...others);
  }
  const byPlace = (a: StackContainer, b: StackContainer) => a.replica - b.replica;
  const sorted = originals.sort(byPlace);
  const ranked =
    sorted.length > wanted
      ? [...sorted.filter((one) => !isDifferent(one)), ...sorted.filter((one) => isDifferent(one))]
      : sorted;
  return { kept: ranked.slice(0, wanted).sort(byPlace), surplus: ranked.slice(wanted), leftovers };
}
