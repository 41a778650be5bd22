// The breakers of all upstreams by name, which is a stable id: a new configuration finds them again.
import type { Upstream } from '../config/document.ts';
import type { Refusal } from './breaker.ts';
import { type Admission, type Breaker, type BreakerSnapshot, createBreaker, type Transition } from './breaker.ts';

export interface Breakers {
  admit(upstream: string): Admission | Refusal;
  peek(upstream: string): ReturnType<Breaker['peek']>;
  snapshot(upstream: string): BreakerSnapshot;
  /** Upstreams of the same name keep their state; new ones begin closed, and those that are gone are forgotten. */
  reconcile(upstreams: readonly Upstream[]): void;
}

interface BreakersOptions {
  readonly upstreams: readonly Upstream[];
  readonly now: () => number;
  readonly onTransition: (upstream: string, transition: Transition) => void;
}

export function createBreakers({ upstreams, now, onTransition }: BreakersOptions): Breakers {
  const breakers = new Map<string, Breaker>();
  function reconcile(wanted: readonly Upstream[]): void {
    const names = new Set(wanted.map(({ name }) => name));
    for (const name of breakers.keys()) if (!names.has(name)) breakers.delete(name);
    for (const { name, breaker: thresholds } of wanted) {
      const known = breakers.get(name);
      if (known) known.configure(thresholds);
      else
        breakers.set(
          name,
          createBreaker({ thresholds, now: now(), onTransition: (transition) => onTransition(name, transition) }),
        );
    }
  }
  reconcile(upstreams);
  function get(upstream: string): Breaker {
    const breaker = breakers.get(upstream);
    if (!breaker) throw new Error(`the upstream "${upstream}" has no breaker; it is not in the configuration`);
    return breaker;
  }
  return {
    admit: (upstream) => get(upstream).admit(now()),
    peek: (upstream) => get(upstream).peek(now()),
    snapshot: (upstream) => get(upstream).snapshot(now()),
    reconcile,
  };
}
