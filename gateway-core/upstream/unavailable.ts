// What a caller is told when no replica can be asked.
import type { Route } from '../config/document.ts';
import type { GatewayProblem } from '../problem/catalogue.ts';

/** Why no replica can be asked. */
export type Unavailable = 'no-address' | 'no-healthy-replica' | 'breaker-open';

export function toUnavailableProblem(
  { upstream }: Route,
  unavailable: Exclude<Unavailable, 'no-address'>,
  retryAfterSeconds: number,
): GatewayProblem {
  const { name } = upstream;
  const what =
    unavailable === 'breaker-open' ? `The breaker of ${name} is open` : `No replica of ${name} takes requests`;
  return {
    code: unavailable,
    detail: `${what}; try again in ${retryAfterSeconds} s.`,
    headers: [['retry-after', String(retryAfterSeconds)]],
  };
}

export function toSaturatedProblem({ upstream }: Route): GatewayProblem {
  const seconds = Math.ceil(upstream.concurrency.maxQueueMs / 1000);
  return {
    code: 'upstream-saturated',
    detail: `${upstream.name} has as many requests as it may; try again in ${seconds} s.`,
    headers: [['retry-after', String(seconds)]],
  };
}
