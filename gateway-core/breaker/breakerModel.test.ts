// The breaker against a model: the same rules, said as simply as possible, over a list of all that was ever seen.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Admission, type BreakerState, createBreaker, type FailureKind, type Result } from './breaker.ts';
import { type BreakerThresholds, resolveBreaker } from './breakerSection.ts';

const thresholds = resolveBreaker({
  windowMs: 1_000,
  minimumRequests: 4,
  failureShare: 0.5,
  consecutiveConnectFailures: 3,
  slowMs: 50,
  slowShare: 0.75,
  openMs: 400,
  openMultiplier: 3,
  maximumOpenMs: 2_000,
  openJitterShare: 0.5,
  stableMs: 1_500,
  halfOpenTrials: 2,
});

interface Call {
  readonly era: number;
  settled: boolean;
}

class Model {
  state: BreakerState = 'closed';
  refused = 0;
  forcedUntil: number | null = null;
  private readonly rules: BreakerThresholds;
  private readonly random: number;
  private since: number;
  private era = 0;
  private trials: Result[] = [];
  private running = 0;
  private seen: { slice: number; result: Result }[] = [];
  private opened: number[] = [];
  private openUntil = 0;

  constructor(rules: BreakerThresholds, random: number, now: number) {
    this.rules = rules;
    this.random = random;
    this.since = now;
  }

  admit(now: number): Call | undefined {
    this.tick(now);
    if (this.state === 'open' && now >= this.openUntil) this.enter('half-open', now);
    const room = this.state === 'closed' || (this.state === 'half-open' && this.running + this.trials.length < 2);
    if (!room) {
      this.refused += 1;
      return undefined;
    }
    this.running += 1;
    return { era: this.era, settled: false };
  }

  settle(call: Call, result: Result, now: number): void {
    if (call.settled || call.era !== this.era) {
      call.settled = true;
      return;
    }
    call.settled = true;
    this.running -= 1;
    if (result.kind === 'neutral') return;
    if (this.state === 'half-open') {
      this.trials.push(result);
      if (isFailed(result) || isSlow(result)) this.open(now);
      else if (this.trials.length === this.rules.halfOpenTrials) this.enter('closed', now);
      return;
    }
    this.seen.push({ slice: this.sliceOf(now), result });
    this.tick(now);
    if (this.forcedUntil !== null || (!isFailed(result) && !isSlow(result))) return;
    const window = this.window(now);
    const share = (is: (one: Result) => boolean) => window.filter(is).length / window.length;
    const last = this.seen.slice(-this.rules.consecutiveConnectFailures).map((one) => one.result);
    const inARow = last.length === this.rules.consecutiveConnectFailures && last.every(isConnectFailure);
    const enough = window.length >= this.rules.minimumRequests;
    if (inARow || (enough && (share(isFailed) >= this.rules.failureShare || share(isSlow) >= this.rules.slowShare)))
      this.open(now);
  }

  force(state: 'open' | 'closed', until: number, now: number): void {
    this.tick(now);
    this.enter(state, now);
    this.openUntil = until;
    this.forcedUntil = until;
  }

  release(now: number): void {
    this.tick(now);
    if (this.forcedUntil !== null) this.tick(this.forcedUntil, now);
  }

  window(now: number): Result[] {
    return this.seen.filter((one) => one.slice > this.sliceOf(now) - 10).map((one) => one.result);
  }

  nextTrialAt(): number | null {
    return this.state === 'open' ? this.openUntil : null;
  }

  /** What time alone does. */
  tick(now: number, at = now): void {
    if (this.forcedUntil === null || now < this.forcedUntil) return;
    this.forcedUntil = null;
    if (this.state === 'open') this.enter('half-open', at);
    else this.seen = [];
  }

  private open(now: number): void {
    const { openMs, openMultiplier, maximumOpenMs, openJitterShare, stableMs } = this.rules;
    if (this.state === 'closed' && now - this.since >= stableMs) this.opened = [];
    const steady = Math.min(maximumOpenMs, openMs * openMultiplier ** this.opened.length);
    this.opened.push(steady);
    this.enter('open', now);
    this.openUntil = now + Math.round(steady + steady * openJitterShare * this.random);
  }

  private enter(state: BreakerState, now: number): void {
    this.state = state;
    this.since = now;
    this.era += 1;
    this.trials = [];
    this.running = 0;
    this.forcedUntil = null;
    if (state !== 'closed') return;
    this.refused = 0;
    this.seen = [];
  }

  private sliceOf(now: number): number {
    return Math.floor(now / (this.rules.windowMs / 10));
  }
}

const isFailed = (result: Result) => result.kind === 'failure';
const isSlow = (result: Result) => result.kind === 'success' && (result.latencyMs ?? 0) >= thresholds.slowMs;
const isConnectFailure = (result: Result) =>
  result.kind === 'failure' && (result.failure === 'connection refused' || result.failure === 'connect timeout');

const failures: FailureKind[] = ['timeout', 'status 503', 'connection refused', 'connect timeout'];
const result = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('success' as const), latencyMs: fc.constantFrom(1, 49, 50, 99) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('failure' as const), failure: fc.constantFrom(...failures) }) },
  { weight: 1, arbitrary: fc.constant<Result>({ kind: 'neutral' }) },
);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('run' as const), result }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('admit' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(5), result }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.oneof(fc.nat(150), fc.nat(3_000)) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('force' as const),
      state: fc.constantFrom('open' as const, 'closed' as const),
      ms: fc.integer({ min: 1, max: 1_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const) }) },
);

test('it does what the model does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), fc.constantFrom(0, 0.3, 0.99), (steps, random) => {
      let now = 1_000_000;
      const breaker = createBreaker({ thresholds, now, random: () => random });
      const model = new Model(thresholds, random, now);
      const calls: { real: Admission; modelled: Call }[] = [];
      const admit = () => {
        const [real, modelled] = [breaker.admit(now), model.admit(now)];
        expect(real.admitted).toBe(modelled !== undefined);
        return real.admitted && modelled ? { real, modelled } : undefined;
      };
      const settle = (call: { real: Admission; modelled: Call } | undefined, how: Result) => {
        call?.real.settle(how, now);
        if (call) model.settle(call.modelled, how, now);
      };
      for (const next of steps) {
        if (next.kind === 'pass') now += next.ms;
        else if (next.kind === 'run') settle(admit(), next.result);
        else if (next.kind === 'settle') settle(calls[next.which], next.result);
        else if (next.kind === 'force') {
          breaker.force(next.state, now + next.ms, now);
          model.force(next.state, now + next.ms, now);
        } else if (next.kind === 'release') {
          breaker.release(now);
          model.release(now);
        } else {
          const call = admit();
          if (call) calls.unshift(call);
        }
        model.tick(now);
        const { state, nextTrialAt, refused, forcedUntil, window, slow } = breaker.snapshot(now);
        const seen = model.window(now);
        expect({ state, nextTrialAt, refused, forcedUntil, window, slow }).toEqual({
          state: model.state,
          nextTrialAt: model.nextTrialAt(),
          refused: model.refused,
          forcedUntil: model.forcedUntil,
          window: { requests: seen.length, failures: seen.filter(isFailed).length },
          slow: seen.filter(isSlow).length,
        });
      }
    }),
    { numRuns: 500 },
  );
});
