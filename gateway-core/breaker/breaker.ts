// The circuit breaker of one upstream: a pure state machine. Time comes in with every call, effects go nowhere.
import type { BreakerThresholds } from '../config/document.ts';
import { createFailureWindow, type FailureWindow } from './failureWindow.ts';

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
  /** New thresholds hold from the next decision on; state and story stay. A new window starts empty. */
  configure(thresholds: BreakerThresholds): void;
}

const KEPT_TRANSITIONS = 20;
const CONNECT_FAILURES: ReadonlySet<FailureKind> = new Set(['connection refused', 'name not found', 'connect timeout']);

interface BreakerOptions {
  readonly thresholds: BreakerThresholds;
  /** Epoch ms at which it begins, closed. */
  readonly now: number;
  readonly onTransition?: (transition: Transition) => void;
}

/** Never throws. Times are epoch ms; a clock that steps back only delays the next trial. */
export function createBreaker(options: BreakerOptions): Breaker {
  return new BreakerMachine(options);
}

class BreakerMachine implements Breaker {
  private thresholds: BreakerThresholds;
  private readonly onTransition: ((transition: Transition) => void) | undefined;
  private window: FailureWindow;
  private readonly transitions: Transition[] = [];
  private state: BreakerState = 'closed';
  private since: number;
  private refused = 0;
  private connectFailuresInARow = 0;
  private trialsRunning = 0;
  private trialsPassed = 0;
  /** Counts up with every transition, so that a result of an earlier state is recognised and ignored. */
  private era = 0;

  constructor({ thresholds, now, onTransition }: BreakerOptions) {
    this.thresholds = thresholds;
    this.onTransition = onTransition;
    this.window = createFailureWindow(thresholds.windowMs);
    this.since = now;
  }

  admit(now: number): Admission | Refusal {
    const refusal = this.findRefusal(now);
    if (refusal) {
      this.refused += 1;
      return refusal;
    }
    const { openMs, halfOpenTrials } = this.thresholds;
    if (this.state === 'open')
      this.move('half-open', `${openMs / 1000} s are over: ${halfOpenTrials} trials may pass`, now);
    const trial = this.state === 'half-open';
    if (trial) this.trialsRunning += 1;
    const admittedIn = this.era;
    let settled = false;
    return {
      admitted: true,
      trial,
      state: this.state,
      settle: (result, at) => {
        if (settled) return;
        settled = true;
        if (admittedIn !== this.era) return;
        if (trial) this.settleTrial(result, at);
        else this.settleOrdinary(result, at);
      },
    };
  }

  peek(now: number): { admitted: true; state: BreakerState } | Refusal {
    return this.findRefusal(now) ?? { admitted: true, state: this.state === 'open' ? 'half-open' : this.state };
  }

  snapshot(now: number): BreakerSnapshot {
    return {
      state: this.state,
      since: this.since,
      nextTrialAt: this.state === 'open' ? this.since + this.thresholds.openMs : null,
      window: this.window.count(now),
      refused: this.refused,
      transitions: [...this.transitions],
    };
  }

  configure(thresholds: BreakerThresholds): void {
    if (thresholds.windowMs !== this.thresholds.windowMs) this.window = createFailureWindow(thresholds.windowMs);
    this.thresholds = thresholds;
  }

  private findRefusal(now: number): Refusal | undefined {
    const { state } = this;
    const remainingMs = this.since + this.thresholds.openMs - now;
    if (state === 'open' && remainingMs > 0)
      return { admitted: false, state, retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1000)) };
    if (state === 'half-open' && this.trialsRunning + this.trialsPassed >= this.thresholds.halfOpenTrials)
      return { admitted: false, state, retryAfterSeconds: 1 };
    return undefined;
  }

  private settleTrial(result: Result, now: number): void {
    this.trialsRunning -= 1;
    if (result.kind === 'failure') this.move('open', `the trial failed: ${result.failure}`, now);
    if (result.kind !== 'success') return;
    this.trialsPassed += 1;
    if (this.trialsPassed === this.thresholds.halfOpenTrials)
      this.move('closed', `${this.trialsPassed} of ${this.thresholds.halfOpenTrials} trials answered`, now);
  }

  private settleOrdinary(result: Result, now: number): void {
    if (result.kind === 'neutral') return;
    const failure = result.kind === 'failure' ? result.failure : undefined;
    this.window.record(now, failure);
    this.connectFailuresInARow = failure && CONNECT_FAILURES.has(failure) ? this.connectFailuresInARow + 1 : 0;
    const reason = failure && this.findReasonToOpen(now);
    if (reason) this.move('open', reason, now);
  }

  private findReasonToOpen(now: number): string | undefined {
    const { consecutiveConnectFailures, minimumRequests, failureShare, windowMs } = this.thresholds;
    if (this.connectFailuresInARow >= consecutiveConnectFailures)
      return `${this.connectFailuresInARow} connects in a row failed: ${this.window.describeFailures(now)}`;
    const { requests, failures } = this.window.count(now);
    if (requests < minimumRequests || failures / requests < failureShare) return undefined;
    return `${failures} of ${requests} failed in ${windowMs / 1000} s: ${this.window.describeFailures(now)}`;
  }

  private move(to: BreakerState, reason: string, now: number): void {
    const transition = { at: now, from: this.state, to, reason };
    this.transitions.unshift(transition);
    this.transitions.length = Math.min(this.transitions.length, KEPT_TRANSITIONS);
    this.state = to;
    this.since = now;
    this.era += 1;
    this.trialsRunning = 0;
    this.trialsPassed = 0;
    this.connectFailuresInARow = 0;
    if (to === 'closed') {
      this.refused = 0;
      this.window.clear();
    }
    this.onTransition?.(transition);
  }
}
