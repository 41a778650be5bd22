// What active checks say of one replica, with Envoy's thresholds. Pure.
import type { HealthCheckPolicy } from './healthSection.ts';

export type Health = 'unknown' | 'healthy' | 'unhealthy';

export type CheckResult =
  | { readonly kind: 'passed'; readonly status: number }
  /** It answers, and says that it is not well. */
  | { readonly kind: 'wrong status'; readonly status: number }
  | { readonly kind: 'no answer'; readonly note: string };

/** The replica's health, and how many results in a row speak against it. */
export interface HealthState {
  readonly health: Health;
  readonly against: number;
}

export const neverChecked: HealthState = { health: 'unknown', against: 0 };

/**
 * The first result decides at once. After that a wrong status makes a replica unhealthy at once too, since it speaks
 * for itself, while a missing answer or a recovery needs as many in a row as its threshold says.
 */
export function applyCheck(state: HealthState, result: CheckResult, policy: HealthCheckPolicy): HealthState {
  const found = result.kind === 'passed' ? 'healthy' : 'unhealthy';
  if (found === state.health) return { health: found, against: 0 };
  const against = state.against + 1;
  const threshold = found === 'healthy' ? policy.healthyThreshold : policy.unhealthyThreshold;
  const isDecided = state.health === 'unknown' || result.kind === 'wrong status' || against >= threshold;
  return isDecided ? { health: found, against: 0 } : { health: state.health, against };
}

/** `statuses` as configured: `200` or `2xx`. */
export function isHealthyStatus(status: number, statuses: readonly string[]): boolean {
  return statuses.includes(String(status)) || statuses.includes(`${Math.floor(status / 100)}xx`);
}
