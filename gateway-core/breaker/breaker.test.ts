import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Admission, createBreaker, type FailureKind, type Result } from './breaker.ts';
import { type BreakerThresholds, resolveBreaker } from './breakerSection.ts';

const thresholds = resolveBreaker();
const success: Result = { kind: 'success' };
const neutral: Result = { kind: 'neutral' };
const failure = (kind: FailureKind = 'timeout'): Result => ({ kind: 'failure', failure: kind });

function start(overrides: Partial<BreakerThresholds> = {}, random = 0) {
  let now = 1_000_000;
  const breaker = createBreaker({ thresholds: { ...thresholds, ...overrides }, now, random: () => random });
  const admit = (): Admission => {
    const admission = breaker.admit(now);
    if (!admission.admitted) throw new Error('refused');
    return admission;
  };
  return {
    breaker,
    admit,
    pass: (ms: number) => {
      now += ms;
    },
    settle: (admission: Admission, result: Result) => admission.settle(result, now),
    /** Admits and settles at once. */
    run: (...results: Result[]) => {
      for (const result of results) admit().settle(result, now);
    },
    ask: () => breaker.admit(now),
    peek: () => breaker.peek(now),
    look: () => breaker.snapshot(now),
  };
}
const times = (count: number, result: Result): Result[] => Array.from({ length: count }, () => result);

describe('closed', () => {
  test('opens on the share, not below the minimum', () => {
    const it = start();
    it.run(...times(5, success), ...times(4, failure()));
    expect(it.look().state).toBe('closed');
    it.run(failure());
    expect(it.look()).toMatchObject({ state: 'open', nextTrialAt: 1_010_000 });
    expect(it.look().transitions[0]).toMatchObject({ reason: '5 of 10 failed in 10 s: 5 timeout', to: 'open' });
  });

  test('stays closed below the share', () => {
    const it = start();
    it.run(...times(61, success), ...times(39, failure()));
    expect(it.look().state).toBe('closed');
  });

  test('opens on connects that fail in a row, however few', () => {
    const it = start();
    it.run(...times(4, failure('connection refused')), success, ...times(4, failure('name not found')));
    expect(it.look().state).toBe('closed');
    it.run(failure('connect timeout'));
    expect(it.look().state).toBe('open');
    expect(it.look().transitions[0]?.reason).toMatch(/^5 connects in a row failed: /);
  });

  test('forgets what is older than the window', () => {
    const it = start();
    it.run(...times(9, failure()));
    it.pass(10_001);
    expect(it.look().window).toEqual({ requests: 0, failures: 0 });
    it.run(failure());
    expect(it.look().state).toBe('closed');
  });

  test('learns nothing from callers that leave', () => {
    const it = start();
    it.run(...times(100, neutral));
    expect(it.look().window).toEqual({ requests: 0, failures: 0 });
  });
});

describe('open', () => {
  const opened = () => {
    const it = start();
    it.run(...times(10, failure()));
    return it;
  };

  test('refuses and counts, with whole seconds until the next trial', () => {
    const it = opened();
    expect(it.ask()).toEqual({ admitted: false, state: 'open', retryAfterSeconds: 10 });
    it.pass(9_500);
    expect(it.ask()).toMatchObject({ retryAfterSeconds: 1 });
    expect(it.look().refused).toBe(2);
  });

  test('lets trials pass once the time is over, at most as many as configured', () => {
    const it = opened();
    it.pass(10_000);
    expect(it.peek()).toEqual({ admitted: true, state: 'half-open' });
    expect(it.look().state).toBe('open');
    const trials = [it.admit(), it.admit()];
    expect(trials.every((trial) => trial.trial)).toBe(true);
    expect(it.ask()).toEqual({ admitted: false, state: 'half-open', retryAfterSeconds: 1 });
  });

  test('closes when all trials answer, and begins with an empty window', () => {
    const it = opened();
    it.pass(10_000);
    const [one, two] = [it.admit(), it.admit()];
    it.settle(one, success);
    expect(it.look().state).toBe('half-open');
    it.settle(two, success);
    expect(it.look()).toMatchObject({ state: 'closed', refused: 0, window: { requests: 0 }, nextTrialAt: null });
  });

  test('opens again, for longer, when one trial fails', () => {
    const it = opened();
    it.pass(10_000);
    const [one, two] = [it.admit(), it.admit()];
    it.settle(one, success);
    it.settle(two, failure('reset'));
    expect(it.look()).toMatchObject({ state: 'open', nextTrialAt: 1_030_000 });
    expect(it.look().transitions[0]?.reason).toBe('the trial failed: reset');
  });

  test('opens for longer each time in a row, up to the longest, and afresh after a stable time', () => {
    const it = opened();
    const openedFor = () => (it.look().nextTrialAt ?? 0) - it.look().since;
    const seen = [openedFor()];
    for (let index = 0; index < 5; index++) {
      it.pass(openedFor());
      it.run(failure());
      seen.push(openedFor());
    }
    expect(seen).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
    it.pass(60_000);
    it.run(success, success);
    it.pass(59_999);
    it.run(...times(10, failure()));
    expect(openedFor()).toBe(60_000);
    it.pass(60_000);
    it.run(success, success);
    it.pass(60_000);
    it.run(...times(10, failure()));
    expect(openedFor()).toBe(10_000);
  });

  test('is spread by a random part', () => {
    const it = start({ openJitterShare: 0.2 }, 0.5);
    it.run(...times(10, failure()));
    expect(it.look().nextTrialAt).toBe(1_011_000);
  });

  test('closes when a new configuration asks for no more trials than have passed', () => {
    const it = opened();
    it.breaker.configure({ ...thresholds, halfOpenTrials: 5 });
    it.pass(10_000);
    it.run(success, success);
    it.breaker.configure(thresholds);
    expect(it.ask().admitted).toBe(true);
    expect(it.look().state).toBe('closed');
  });

  test('gives the place of a trial whose caller left to the next', () => {
    const it = opened();
    it.pass(10_000);
    const [one] = [it.admit(), it.admit()];
    expect(it.ask().admitted).toBe(false);
    it.settle(one, neutral);
    expect(it.ask().admitted).toBe(true);
  });

  test('ignores results of requests from before', () => {
    const it = start();
    const late = it.admit();
    it.run(...times(10, failure()));
    it.pass(10_000);
    const [one, two] = [it.admit(), it.admit()];
    it.settle(late, failure());
    expect(it.look().state).toBe('half-open');
    it.settle(one, success);
    it.settle(one, failure());
    it.settle(two, success);
    expect(it.look().state).toBe('closed');
  });
});

describe('slow answers', () => {
  const slow: Result = { kind: 'success', latencyMs: 500 };
  const quick: Result = { kind: 'success', latencyMs: 499 };

  test('open it by their share, not below the minimum', () => {
    const it = start({ slowMs: 500, slowShare: 0.5 });
    it.run(...times(5, quick), ...times(4, slow));
    expect(it.look()).toMatchObject({ state: 'closed', slow: 4 });
    it.run(slow);
    expect(it.look().transitions[0]).toMatchObject({ reason: '5 of 10 took 500 ms or more in 10 s', to: 'open' });
  });

  test('fail a trial', () => {
    const it = start({ slowMs: 500, slowShare: 0.5 });
    it.run(...times(10, slow));
    it.pass(10_000);
    it.run(slow);
    expect(it.look()).toMatchObject({ state: 'open', transitions: [{ reason: 'the trial was slow: 500 ms' }, {}, {}] });
  });

  test('are none where none are defined', () => {
    const it = start();
    it.run(...times(100, { kind: 'success', latencyMs: 1e9 }));
    expect(it.look()).toMatchObject({ state: 'closed', slow: 0 });
  });
});

describe('held by an operator', () => {
  test('open refuses until the time is over, then lets trials pass', () => {
    const it = start();
    it.breaker.force('open', 1_030_000, 1_000_000);
    expect(it.look()).toMatchObject({ state: 'open', nextTrialAt: 1_030_000, forcedUntil: 1_030_000 });
    it.pass(29_000);
    expect(it.ask()).toMatchObject({ admitted: false, retryAfterSeconds: 1 });
    it.pass(1_000);
    expect(it.look()).toMatchObject({ state: 'half-open', forcedUntil: null });
    it.run(success, success);
    expect(it.look().state).toBe('closed');
  });

  test('closed admits whatever is seen, counts it, and starts afresh afterwards', () => {
    const it = start();
    it.run(...times(10, failure()));
    it.breaker.force('closed', 1_005_000, 1_000_000);
    it.run(...times(50, failure('connection refused')));
    expect(it.look()).toMatchObject({ state: 'closed', window: { requests: 50, failures: 50 } });
    it.pass(5_000);
    expect(it.look().window.requests).toBe(0);
    it.run(...times(4, failure('connection refused')));
    expect(it.look().state).toBe('closed');
    it.run(failure('connection refused'));
    expect(it.look().state).toBe('open');
  });

  test('is released early, and releasing what is not held does nothing', () => {
    const it = start();
    it.breaker.release(1_000_000);
    expect(it.look().transitions).toEqual([]);
    it.breaker.force('open', 2_000_000, 1_000_000);
    it.breaker.release(1_000_001);
    expect(it.look()).toMatchObject({
      state: 'half-open',
      transitions: [
        { reason: 'released by an operator: 2 trials may pass' },
        { reason: 'held open by an operator for 1000 s' },
      ],
    });
  });

  test('results of requests from before are ignored', () => {
    const it = start();
    it.run(...times(10, failure()));
    it.pass(10_000);
    const trial = it.admit();
    it.breaker.force('closed', 1_020_000, 1_010_000);
    it.settle(trial, failure());
    expect(it.look()).toMatchObject({ state: 'closed', window: { requests: 0 } });
  });
});

describe('whatever happens', () => {
  type Step = { kind: 'admit' } | { kind: 'settle'; which: number; result: Result } | { kind: 'pass'; ms: number };
  const result = fc.constantFrom<Result>(success, neutral, failure(), failure('connection refused'));
  const step = fc.oneof(
    fc.constant<Step>({ kind: 'admit' }),
    fc.record({ kind: fc.constant('settle' as const), which: fc.nat(50), result }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(4_000) }),
  );

  test('the transitions form a chain of allowed ones, trials are bounded, and no more than 20 are kept', () => {
    const allowed = new Set(['closed open', 'open half-open', 'half-open open', 'half-open closed']);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const it = start({ minimumRequests: 3, openMs: 2_000, consecutiveConnectFailures: 3 });
        const running: Admission[] = [];
        // Trials belong to the transition to half-open that let them pass.
        const passedIn = new Map<Admission, unknown>();
        for (const next of steps) {
          if (next.kind === 'pass') it.pass(next.ms);
          else if (next.kind === 'settle') {
            for (const one of running.splice(next.which, 1)) it.settle(one, next.result);
          } else {
            const predicted = it.peek();
            const answer = it.ask();
            expect(answer.admitted).toBe(predicted.admitted);
            if (answer.admitted) {
              running.push(answer);
              passedIn.set(answer, it.look().transitions[0]);
            } else expect(answer.retryAfterSeconds).toBeGreaterThanOrEqual(1);
          }
          const after = it.look();
          const trials = running.filter((one) => one.trial && passedIn.get(one) === after.transitions[0]);
          expect(trials.length).toBeLessThanOrEqual(thresholds.halfOpenTrials);
          expect(after.window.failures).toBeLessThanOrEqual(after.window.requests);
          expect(after.transitions.length).toBeLessThanOrEqual(20);
          expect(after.nextTrialAt === null).toBe(after.state !== 'open');
          if (after.state === 'closed') expect(after.refused).toBe(0);
        }
        const chain = it.look().transitions.toReversed();
        chain.forEach((transition, index) => {
          expect(allowed).toContain(`${transition.from} ${transition.to}`);
          expect(transition.from).toBe(chain[index - 1]?.to ?? transition.from);
          expect(transition.reason).not.toBe('');
        });
      }),
      { numRuns: 200 },
    );
  });

  test('it always recovers once the upstream answers', () => {
    fc.assert(
      fc.property(fc.array(result, { maxLength: 60 }), (results) => {
        const it = start();
        for (const one of results) {
          const answer = it.ask();
          if (answer.admitted) it.settle(answer, one);
        }
        it.pass(thresholds.maximumOpenMs);
        for (let index = 0; index < thresholds.halfOpenTrials; index++) it.run(success);
        expect(it.look().state).toBe('closed');
      }),
    );
  });
});
