// The breakers of all upstreams by name, which is a stable id: a new configuration finds them again.
import type { Upstream } from '../config/document.ts';
import type { Refusal } from './breaker.ts';
import { type Admission, type Breaker, type BreakerSnapshot, createBreaker, type Transition } from './breaker.ts';

export interface Breakers {
  admit(upstream: string): Admission | Refusal;
  peek(upstream: string): ReturnType<Breaker['peek']>;
  snapshot(upstream: string): BreakerSnapshot;
}

interface BreakersOptions {
  readonly upstreams: readonly Upstream[];
  readonly now: () => number;
  readonly onTransition: (upstream: string, transition: Transition) => void;
}

export function createBreakers({ upstreams, now, onTransition }: BreakersOptions): Breakers {
  const breakers = new Map(
    upstreams.map(({ name, breaker: thresholds }) => [
      name,
      createBreaker({ thresholds, now: now(), onTransition: (transition) => onTransition(name, transition) }),
    ]),
  );
  function get(upstream: string): Breaker {
    const breaker = breakers.get(upstream);
    if (!breaker) throw new Error(`the upstream "${upstream}" has no breaker; it is not in the configuration`);
    return breaker;
  }
  return {
    admit: (upstream) => get(upstream).admit(now()),
    peek: (upstream) => get(upstream).peek(now()),
    snapshot: (upstream) => get(upstream).snapshot(now()),
  };
}
