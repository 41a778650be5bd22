// The circuit breaker of one upstream or replica: a pure state machine. Time comes in with every call, effects go nowhere.
import type { BreakerThresholds } from './breakerSection.ts';
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
  /** `latencyMs` until the answer's header; without it, the answer is not slow. */
  | { readonly kind: 'success'; readonly latencyMs?: number }
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
  /** Slow answers in the window. */
  readonly slow: number;
  readonly refused: number;
  /** Until when an operator holds it in its state. */
  readonly forcedUntil: number | null;
  readonly transitions: readonly Transition[];
}

export interface Breaker {
  /** Asks for one request. In half-open, an admission takes one of the trials until it is settled. */
  admit(now: number): Admission | Refusal;
  /** Whether admit would say yes; allocates nothing when it would. */
  admits(now: number): boolean;
  /** What admit would say, without taking anything. */
  peek(now: number): { admitted: true; state: BreakerState } | Refusal;
  snapshot(now: number): BreakerSnapshot;
  /** New thresholds hold from the next decision on; state and story stay. A new window starts empty. */
  configure(thresholds: BreakerThresholds): void;
  /** Holds it open or closed, whatever is seen meanwhile. Afterwards an open one lets trials pass, a closed one starts afresh. */
  force(state: 'open' | 'closed', until: number, now: number, options?: ForceOptions): void;
  /** Ends a force early; does nothing when there is none. */
  release(now: number): void;
  /** As if it had just been made: a force ends, an open one lets trials pass now, and what was seen is forgotten. */
  reset(now: number, options?: ForceOptions): void;
}

export interface ForceOptions {
  /** Why, in the words of the operator; it stands in the story. */
  readonly reason?: string | undefined;
}

const KEPT_TRANSITIONS = 20;
const CONNECT_FAILURES: ReadonlySet<FailureKind> = new Set(['connection refused', 'name not found', 'connect timeout']);

interface BreakerOptions {
  readonly thresholds: BreakerThresholds;
  /** Epoch ms at which it begins, closed. */
  readonly now: number;
  readonly onTransition?: (transition: Transition) => void;
  /** From 0 to below 1; spreads the ends of openings. */
  readonly random?: () => number;
}

/** Never throws. Times are epoch ms; a clock that steps back only delays the next trial. */
export function createBreaker(options: BreakerOptions): Breaker {
  return new BreakerMachine(options);
}

class Ticket implements Admission {
  readonly admitted = true;
  readonly trial: boolean;
  readonly state: BreakerState;
  private readonly era: number;
  private machine: BreakerMachine | null;

  constructor(machine: BreakerMachine, state: BreakerState, era: number) {
    this.machine = machine;
    this.state = state;
    this.trial = state === 'half-open';
    this.era = era;
  }

  settle(result: Result, now: number): void {
    const { machine } = this;
    this.machine = null;
    machine?.settle(this.era, result, now);
  }
}

class BreakerMachine implements Breaker {
  private thresholds: BreakerThresholds;
  private readonly onTransition: ((transition: Transition) => void) | undefined;
  private readonly random: () => number;
  private window: FailureWindow;
  private readonly transitions: Transition[] = [];
  private state: BreakerState = 'closed';
  private since: number;
  private refused = 0;
  private connectFailuresInARow = 0;
  private trialsRunning = 0;
  private trialsPassed = 0;
  /** Openings without a stable time in between. */
  private openings = 0;
  private openForMs = 0;
  private forcedUntil: number | null = null;
  /** Counts up with every transition, so that a result of an earlier state is recognised and ignored. */
  private era = 0;

  constructor({ thresholds, now, onTransition, random = Math.random }: BreakerOptions) {
    this.thresholds = thresholds;
    this.onTransition = onTransition;
    this.random = random;
    this.window = createFailureWindow(thresholds.windowMs);
    this.since = now;
  }

  admit(now: number): Admission | Refusal {
    const refusal = this.findRefusal(now);
    if (refusal) {
      this.refused += 1;
      return refusal;
    }
    if (this.state === 'open') this.letTrialsPass(`${toSeconds(this.openForMs)} s are over`, now);
    if (this.state === 'half-open') this.trialsRunning += 1;
    return new Ticket(this, this.state, this.era);
  }

  admits(now: number): boolean {
    return this.findRefusal(now) === undefined;
  }

  peek(now: number): { admitted: true; state: BreakerState } | Refusal {
    return this.findRefusal(now) ?? { admitted: true, state: this.state === 'open' ? 'half-open' : this.state };
  }

  snapshot(now: number): BreakerSnapshot {
    this.endForceAt(now);
    const { requests, failures, slow } = this.window.count(now);
    return {
      state: this.state,
      since: this.since,
      nextTrialAt: this.state === 'open' ? this.endOfOpening() : null,
      window: { requests, failures },
      slow,
      refused: this.refused,
      forcedUntil: this.forcedUntil,
      transitions: [...this.transitions],
    };
  }

  configure(thresholds: BreakerThresholds): void {
    if (thresholds.windowMs !== this.thresholds.windowMs) this.window = createFailureWindow(thresholds.windowMs);
    this.thresholds = thresholds;
  }

  force(state: 'open' | 'closed', until: number, now: number, { reason }: ForceOptions = {}): void {
    this.endForceAt(now);
    this.move(state, withReason(`held ${state} by an operator for ${toSeconds(until - now)} s`, reason), now);
    this.forcedUntil = until;
  }

  release(now: number): void {
    this.endForceAt(now);
    if (this.forcedUntil !== null) this.endForce('released by an operator', now);
  }

  reset(now: number, { reason }: ForceOptions = {}): void {
    this.endForceAt(now);
    this.forcedUntil = null;
    this.openings = 0;
    if (this.state === 'open') this.letTrialsPass(withReason('reset by an operator', reason), now);
    else this.startAfresh();
  }

  private endForceAt(now: number): void {
    if (this.forcedUntil !== null && now >= this.forcedUntil) this.endForce('the time of the operator is over', now);
  }

  private endForce(reason: string, now: number): void {
    this.forcedUntil = null;
    if (this.state === 'open') this.letTrialsPass(reason, now);
    else this.startAfresh();
  }

  private startAfresh(): void {
    this.window.clear();
    this.connectFailuresInARow = 0;
  }

  private endOfOpening(): number {
    return this.forcedUntil ?? this.since + this.openForMs;
  }

  private findRefusal(now: number): Refusal | undefined {
    this.endForceAt(now);
    // Fewer trials may have become enough by a new configuration.
    if (this.state === 'half-open' && this.trialsPassed >= this.thresholds.halfOpenTrials) this.closeAfterTrials(now);
    const { state } = this;
    if (state === 'closed') return undefined;
    const remainingMs = this.endOfOpening() - now;
    if (state === 'open' && remainingMs > 0)
      return { admitted: false, state, retryAfterSeconds: Math.max(1, Math.ceil(remainingMs / 1000)) };
    if (state === 'half-open' && this.trialsRunning + this.trialsPassed >= this.thresholds.halfOpenTrials)
      return { admitted: false, state, retryAfterSeconds: 1 };
    return undefined;
  }

  /** Of a ticket that was given in `era`. */
  settle(era: number, result: Result, now: number): void {
    if (era !== this.era) return;
    if (this.state === 'half-open') this.settleTrial(result, now);
    else this.settleOrdinary(result, now);
  }

  private settleTrial(result: Result, now: number): void {
    this.trialsRunning -= 1;
    if (result.kind === 'neutral') return;
    if (result.kind === 'failure') return void this.open(`the trial failed: ${result.failure}`, now);
    if (this.isSlow(result)) return void this.open(`the trial was slow: ${Math.round(result.latencyMs ?? 0)} ms`, now);
    this.trialsPassed += 1;
    if (this.trialsPassed >= this.thresholds.halfOpenTrials) this.closeAfterTrials(now);
  }

  private closeAfterTrials(now: number): void {
    this.move('closed', `${this.trialsPassed} of ${this.thresholds.halfOpenTrials} trials answered`, now);
  }

  private settleOrdinary(result: Result, now: number): void {
    if (result.kind === 'neutral') return;
    const failure = result.kind === 'failure' ? result.failure : undefined;
    const slow = result.kind === 'success' && this.isSlow(result);
    this.window.record(now, failure, slow);
    this.connectFailuresInARow = failure && CONNECT_FAILURES.has(failure) ? this.connectFailuresInARow + 1 : 0;
    if ((!failure && !slow) || this.isHeld(now)) return;
    const reason = this.findReasonToOpen(now);
    if (reason) this.open(reason, now);
  }

  private isHeld(now: number): boolean {
    this.endForceAt(now);
    return this.forcedUntil !== null;
  }

  private isSlow({ latencyMs = 0 }: { latencyMs?: number }): boolean {
    return this.thresholds.slowMs > 0 && latencyMs >= this.thresholds.slowMs;
  }

  private findReasonToOpen(now: number): string | undefined {
    const { consecutiveConnectFailures, minimumRequests, failureShare, slowMs, slowShare, windowMs } = this.thresholds;
    if (this.connectFailuresInARow >= consecutiveConnectFailures)
      return `${this.connectFailuresInARow} connects in a row failed: ${this.window.describeFailures(now)}`;
    const { requests, failures, slow } = this.window.count(now);
    if (requests < minimumRequests) return undefined;
    if (failures / requests >= failureShare)
      return `${failures} of ${requests} failed in ${windowMs / 1000} s: ${this.window.describeFailures(now)}`;
    if (slow / requests >= slowShare) return `${slow} of ${requests} took ${slowMs} ms or more in ${windowMs / 1000} s`;
    return undefined;
  }

  private open(reason: string, now: number): void {
    const { openMs, openMultiplier, maximumOpenMs, openJitterShare, stableMs } = this.thresholds;
    if (this.state === 'closed' && now - this.since >= stableMs) this.openings = 0;
    const steadyMs = Math.min(maximumOpenMs, openMs * openMultiplier ** this.openings);
    this.openForMs = Math.round(steadyMs * (1 + openJitterShare * this.random()));
    // Once the longest time is reached there is nothing left to grow, and the power must not overflow.
    if (steadyMs < maximumOpenMs) this.openings += 1;
    this.move('open', reason, now);
  }

  private letTrialsPass(why: string, now: number): void {
    this.move('half-open', `${why}: ${this.thresholds.halfOpenTrials} trials may pass`, now);
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
    this.forcedUntil = null;
    if (to === 'closed') {
      this.refused = 0;
      this.startAfresh();
    }
    this.onTransition?.(transition);
  }
}

function withReason(what: string, reason: string | undefined): string {
  return reason ? `${what} (${reason})` : what;
}

function toSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
