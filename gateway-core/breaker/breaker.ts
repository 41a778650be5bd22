// The circuit breaker of one upstream: a pure state machine. Time comes in with every call, effects go nowhere.
import type { BreakerThresholds } from '../config/document.ts';
import { createFailureWindow } from './failureWindow.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * What counts as a failure. 502, 503 and 504 say "the service is not there"; 500 does not count, since one broken
 * endpoint must not close a whole service.
 */
export type FailureKind =
  | 'connection refused'
  | 'name not found'
  | 'connect timeout'
  | 'timeout'
  | 'reset'
  | 'invalid answer'
  | 'status 502'
  | 'status 503'
  | 'status 504';

export type Result =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly failure: FailureKind }
  | { readonly kind: 'neutral' };

export interface Transition {
  readonly at: number;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: string;
}

export interface Admission {
  readonly admitted: true;
  readonly trial: boolean;
  readonly state: BreakerState;
  /** Says how it went; only the first call counts. `neutral`: nothing was learned, for example the caller left. */
  settle(result: Result, now: number): void;
}

export interface Refusal {
  readonly admitted: false;
  readonly state: BreakerState;
  /** Whole seconds until it is worth trying again, at least 1. */
  readonly retryAfterSeconds: number;
}

export interface BreakerSnapshot {
  readonly state: BreakerState;
  readonly since: number;
  readonly nextTrialAt: number | null;
  readonly window: { readonly requests: number; readonly failures: number };
  readonly refused: number;
  readonly transitions: readonly Transition[];
}

export interface Breaker {
  /** Asks for one request. In half-open, an admission takes one of the trials until it is settled. */
  admit(now: number): Admission | Refusal;
  /** What admit would say, without taking anything. */
  peek(now: number): { admitted: true; state: BreakerState } | Refusal;
  snapshot(now: number): BreakerSnapshot;
}

const KEPT_TRANSITIONS = 20;
const CONNECT_FAILURES: ReadonlySet<FailureKind> = new Set(['connection refused', 'name not found', 'connect timeout']);

export interface BreakerOptions {
  readonly thresholds: BreakerThresholds;
  /** Epoch ms at which it begins, closed. */
  readonly now: number;
  readonly onTransition?: (transition: Transition) => void;
}

/** Never throws. Times are epoch ms; a clock that steps back only delays the next trial. */
export function createBreaker({ thresholds, now: startedAt, onTransition }: BreakerOptions): Breaker {
  const window = createFailureWindow(thresholds.windowMs);
  const transitions: Transition[] = [];
  let state: BreakerState = 'closed';
  let since = startedAt;
  let refused = 0;
  let connectFailuresInARow = 0;
  let trialsRunning = 0;
  let trialsPassed = 0;
  // Counts up with every transition, so that a result of an earlier state is recognised and ignored.
  let era = 0;

  function move(to: BreakerState, reason: string, now: number): void {
    const transition = { at: now, from: state, to, reason };
    transitions.unshift(transition);
    transitions.length = Math.min(transitions.length, KEPT_TRANSITIONS);
    state = to;
    since = now;
    era += 1;
    trialsRunning = 0;
    trialsPassed = 0;
    connectFailuresInARow = 0;
    if (to === 'closed') {
      refused = 0;
      window.clear();
    }
    onTransition?.(transition);
  }

  function findRefusal(now: number): Refusal | undefined {
    const retryAfterSeconds = Math.max(1, Math.ceil((since + thresholds.openMs - now) / 1000));
    if (state === 'open' && now < since + thresholds.openMs) return { admitted: false, state, retryAfterSeconds };
    if (state === 'half-open' && trialsRunning + trialsPassed >= thresholds.halfOpenTrials)
      return { admitted: false, state, retryAfterSeconds: 1 };
    return undefined;
  }

  function settleTrial(result: Result, now: number): void {
    trialsRunning -= 1;
    if (result.kind === 'failure') move('open', `the trial failed: ${result.failure}`, now);
    if (result.kind !== 'success') return;
    trialsPassed += 1;
    if (trialsPassed === thresholds.halfOpenTrials)
      move('closed', `${trialsPassed} of ${thresholds.halfOpenTrials} trials answered`, now);
  }

  function settleOrdinary(result: Result, now: number): void {
    if (result.kind === 'neutral') return;
    const failure = result.kind === 'failure' ? result.failure : undefined;
    window.record(now, failure);
    connectFailuresInARow = failure && CONNECT_FAILURES.has(failure) ? connectFailuresInARow + 1 : 0;
    const reason = failure && findReasonToOpen(now);
    if (reason) move('open', reason, now);
  }

  function findReasonToOpen(now: number): string | undefined {
    if (connectFailuresInARow >= thresholds.consecutiveConnectFailures)
      return `${connectFailuresInARow} connects in a row failed: ${window.describeFailures(now)}`;
    const { requests, failures } = window.count(now);
    if (requests < thresholds.minimumRequests || failures / requests < thresholds.failureShare) return undefined;
    return `${failures} of ${requests} failed in ${thresholds.windowMs / 1000} s: ${window.describeFailures(now)}`;
  }

  return {
    admit(now) {
      const refusal = findRefusal(now);
      if (refusal) {
        refused += 1;
        return refusal;
      }
      if (state === 'open')
        move('half-open', `${thresholds.openMs / 1000} s are over: ${thresholds.halfOpenTrials} trials may pass`, now);
      const trial = state === 'half-open';
      if (trial) trialsRunning += 1;
      const admittedIn = era;
      let settled = false;
      return {
        admitted: true,
        trial,
        state,
        settle(result, at) {
          if (settled) return;
          settled = true;
          if (admittedIn !== era) return;
          if (trial) settleTrial(result, at);
          else settleOrdinary(result, at);
        },
      };
    },
    peek(now) {
      return findRefusal(now) ?? { admitted: true, state: state === 'open' ? 'half-open' : state };
    },
    snapshot(now) {
      return {
        state,
        since,
        nextTrialAt: state === 'open' ? since + thresholds.openMs : null,
        window: window.count(now),
        refused,
        transitions: [...transitions],
      };
    },
  };
}
