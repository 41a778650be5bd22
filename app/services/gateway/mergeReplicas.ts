// Several replicas of one gateway, shown as one. Pure.
import type { Breaker, RouteTable } from '../../contract/index.ts';

const severity = { open: 2, 'half-open': 1, closed: 0 } as const;
const transitionLimit = 20;

/** One breaker an upstream: the worst state, sums of what was seen, and how many replicas share the state. */
export function mergeBreakers(replicas: readonly (readonly Breaker[])[]): Breaker[] {
  if (replicas.length === 1) return [...(replicas[0] ?? [])];
  const byUpstream = new Map<string, Breaker[]>();
  for (const breaker of replicas.flat()) {
    byUpstream.set(breaker.upstream, [...(byUpstream.get(breaker.upstream) ?? []), breaker]);
  }
  return [...byUpstream.values()].map((group) => mergeOne(group, replicas.length));
}

function mergeOne(group: readonly Breaker[], replicas: number): Breaker {
  const worst = group.reduce((a, b) => (severity[b.state] > severity[a.state] ? b : a));
  const sharing = group.filter(({ state }) => state === worst.state);
  const sum = (pick: (breaker: Breaker) => number) => group.reduce((total, breaker) => total + pick(breaker), 0);
  const trials = sharing.map(({ nextTrialAt }) => nextTrialAt).filter((at) => at !== null);
  const held = sharing.map(({ forcedUntil }) => forcedUntil ?? null).filter((until) => until !== null);
  const suffix = worst.state === 'closed' ? '' : ` (${worst.state} on ${sharing.length} of ${replicas} replicas)`;
  const transitions = group
    .flatMap((breaker) => breaker.transitions)
    .sort((a, b) => b.at - a.at)
    .slice(0, transitionLimit);
  return {
    ...worst,
    since: Math.min(...sharing.map(({ since }) => since)),
    nextTrialAt: trials.length > 0 ? Math.min(...trials) : null,
    forcedUntil: held.length > 0 ? Math.min(...held) : null,
    window: { requests: sum(({ window }) => window.requests), failures: sum(({ window }) => window.failures) },
    refused: sum(({ refused }) => refused),
    transitions: transitions.map((transition, index) =>
      index === 0 ? { ...transition, reason: `${transition.reason}${suffix}` } : transition,
    ),
    routes: [...new Set(group.flatMap(({ routes }) => routes))],
  };
}

/** The table of the first replica; `diverging` when another one has a different configuration in force. */
export function mergeRoutes(tables: readonly RouteTable[]): { table: RouteTable | undefined; diverging: boolean } {
  return { table: tables[0], diverging: new Set(tables.map(({ revision }) => revision)).size > 1 };
}
