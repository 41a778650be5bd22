// What operators hold right now: breakers and drained replicas, what ends first on top. Pure.
import type { Breaker, Upstream } from '../../../app/contract/index.ts';

export interface HeldThing {
  upstream: string;
  /** null: the upstream's own breaker. */
  replica: string | null;
  kind: 'open' | 'closed' | 'drained';
  until: number;
  /** In the gateway's words, with the reason of whoever did it. */
  story: string | null;
}

export function toHeldThings(breakers: readonly Breaker[], upstreams: readonly Upstream[]): HeldThing[] {
  const held = breakers.flatMap((breaker) =>
    [{ ...breaker, replica: null }, ...(breaker.replicas ?? [])].flatMap((one): HeldThing[] => {
      const until = one.forcedUntil ?? null;
      if (until === null || one.state === 'half-open') return [];
      const story = one.transitions.find(({ reason }) => reason.startsWith('held '))?.reason ?? null;
      return [{ upstream: breaker.upstream, replica: one.replica, kind: one.state, until, story }];
    }),
  );
  const drained = upstreams.flatMap(({ name, replicas }) =>
    replicas.flatMap(({ id, drainedUntil }): HeldThing[] =>
      drainedUntil === null ? [] : [{ upstream: name, replica: id, kind: 'drained', until: drainedUntil, story: null }],
    ),
  );
  return [...held, ...drained].sort((a, b) => a.until - b.until);
}

export function sayHeld({ upstream, replica, kind }: HeldThing): string {
  if (kind === 'drained') return `${replica} of ${upstream} is drained`;
  return `${replica === null ? upstream : `${replica} of ${upstream}`} is held ${kind}`;
}
