// Passive health: replicas that fail what others answer are ejected for a while, by Envoy's rules. Time is handed in.
import type { OutlierPolicy } from './healthSection.ts';

/** What one try taught about its replica. `error`: 5xx that says nothing of being there; `gateway-error`: not there. */
export type Outcome = 'success' | 'error' | 'gateway-error';

export interface OutlierState {
  errorsInARow: number;
  gatewayErrorsInARow: number;
  /** Of the running interval. */
  successes: number;
  requests: number;
  /** Ejections that are not yet forgotten; the next one is one more times as long as the base. */
  ejections: number;
  ejectedUntil: number;
  reason: string | null;
}

export function createOutlierState(): OutlierState {
  return {
    errorsInARow: 0,
    gatewayErrorsInARow: 0,
    successes: 0,
    requests: 0,
    ejections: 0,
    ejectedUntil: 0,
    reason: null,
  };
}

export function isEjected(state: OutlierState, now: number): boolean {
  return state.ejectedUntil > now;
}

/** An active check that passed ends an ejection, as in Envoy. */
export function readmit(state: OutlierState): void {
  state.ejectedUntil = 0;
  state.errorsInARow = 0;
  state.gatewayErrorsInARow = 0;
}

export interface OutlierDetector {
  /** `state` is one of `all`. Returns why it was ejected just now, if it was. */
  note(state: OutlierState, outcome: Outcome, now: number): string | undefined;
  /** Compares success rates and forgets old ejections once an interval is over; to be called now and then. */
  sweep(now: number): void;
  configure(policy: OutlierPolicy): void;
}

/** `all` are the replicas that there are at the moment. */
export function createOutlierDetector(initial: OutlierPolicy, all: () => readonly OutlierState[]): OutlierDetector {
  let policy = initial;
  let intervalEndsAt = 0;

  function eject(state: OutlierState, reason: string, now: number): string | undefined {
    const states = all();
    const ejected = states.filter((other) => isEjected(other, now)).length;
    if (isEjected(state, now) || (ejected > 0 && ejected + 1 > states.length * policy.maximumEjectedShare))
      return undefined;
    state.ejections += 1;
    state.ejectedUntil = now + Math.min(policy.baseEjectionMs * state.ejections, policy.maximumEjectionMs);
    state.reason = reason;
    state.errorsInARow = 0;
    state.gatewayErrorsInARow = 0;
    return reason;
  }

  function ejectByRate(now: number): void {
    const { successRateMinimumReplicas, successRateMinimumRequests, successRateDeviations } = policy;
    const judged = all().filter(({ requests }) => requests >= successRateMinimumRequests);
    if (successRateMinimumReplicas === 0 || judged.length < successRateMinimumReplicas) return;
    const rates = judged.map(({ successes, requests }) => successes / requests);
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const deviation = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length);
    const least = mean - successRateDeviations * deviation;
    judged.forEach((state, index) => {
      const rate = rates[index] ?? 1;
      if (rate < least)
        eject(state, `${toPercent(rate)} succeeded, where its peers have ${toPercent(mean)} on average`, now);
    });
  }

  function sweep(now: number): void {
    if (now < intervalEndsAt) return;
    const isFirst = intervalEndsAt === 0;
    intervalEndsAt = now + policy.intervalMs;
    if (isFirst) return;
    ejectByRate(now);
    for (const state of all()) {
      if (!isEjected(state, now)) state.ejections = Math.max(0, state.ejections - 1);
      state.requests = 0;
      state.successes = 0;
    }
  }

  return {
    note(state, outcome, now) {
      sweep(now);
      state.requests += 1;
      if (outcome === 'success') {
        state.successes += 1;
        state.errorsInARow = 0;
        state.gatewayErrorsInARow = 0;
        return undefined;
      }
      state.errorsInARow += 1;
      state.gatewayErrorsInARow = outcome === 'gateway-error' ? state.gatewayErrorsInARow + 1 : 0;
      const { consecutive5xx, consecutiveGatewayErrors } = policy;
      if (consecutiveGatewayErrors > 0 && state.gatewayErrorsInARow >= consecutiveGatewayErrors)
        return eject(state, `${state.gatewayErrorsInARow} gateway errors in a row`, now);
      if (consecutive5xx > 0 && state.errorsInARow >= consecutive5xx)
        return eject(state, `${state.errorsInARow} failures or 5xx in a row`, now);
      return undefined;
    },
    sweep,
    configure(next) {
      policy = next;
    },
  };
}

function toPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
