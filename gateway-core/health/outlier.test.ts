import { expect, test } from 'vitest';
import { resolveOutlier } from './healthSection.ts';
import { createOutlierDetector, createOutlierState, isEjected, type Outcome, readmit } from './outlier.ts';

function start(count: number, document: Parameters<typeof resolveOutlier>[0] = {}) {
  const policy = resolveOutlier(document);
  if (!policy) throw new Error('no policy');
  const states = Array.from({ length: count }, createOutlierState);
  const detector = createOutlierDetector(policy, () => states);
  let now = 1_000_000;
  return {
    states,
    pass: (ms: number) => {
      now += ms;
      detector.sweep(now);
    },
    note(index: number, ...outcomes: Outcome[]) {
      const state = states[index] ?? expect.fail();
      return outcomes.map((outcome) => detector.note(state, outcome, now)).at(-1);
    },
    ejected: () => states.flatMap((state, index) => (isEjected(state, now) ? [index] : [])),
  };
}
const times = (count: number, outcome: Outcome): Outcome[] => Array.from({ length: count }, () => outcome);

test('five failures or 5xx in a row eject, a success in between does not let them add up', () => {
  const it = start(3);
  it.note(0, ...times(4, 'error'), 'success', ...times(4, 'gateway-error'));
  expect(it.ejected()).toEqual([]);
  expect(it.note(0, 'error')).toBe('5 failures or 5xx in a row');
  expect(it.ejected()).toEqual([0]);
});

test('gateway errors are counted apart when that is asked for', () => {
  const it = start(3, { consecutive5xx: 0, consecutiveGatewayErrors: 3 });
  it.note(0, ...times(20, 'error'), ...times(2, 'gateway-error'), 'error');
  expect(it.ejected()).toEqual([]);
  expect(it.note(0, ...times(3, 'gateway-error'))).toBe('3 gateway errors in a row');
});

test('an ejection lasts longer each time, up to the longest, and is forgotten an interval at a time', () => {
  const it = start(3, { baseEjectionMs: 1_000, maximumEjectionMs: 2_500, intervalMs: 10_000 });
  const ejectFor = () => {
    it.note(0, ...times(5, 'error'));
    let ms = 0;
    for (; it.ejected().length > 0; ms += 100) it.pass(100);
    return ms;
  };
  expect([ejectFor(), ejectFor(), ejectFor()]).toEqual([1_000, 2_000, 2_500]);
  it.pass(10_000);
  it.pass(10_000);
  it.pass(10_000);
  expect(ejectFor()).toBe(1_000);
});

test('one may always be ejected, more only up to the share', () => {
  const small = start(3);
  for (const index of [0, 1, 2]) small.note(index, ...times(5, 'error'));
  expect(small.ejected()).toEqual([0]);
  const half = start(4, { maximumEjectedShare: 0.5 });
  for (const index of [0, 1, 2, 3]) half.note(index, ...times(5, 'error'));
  expect(half.ejected()).toEqual([0, 1]);
});

test('a success rate far below that of its peers ejects at the end of an interval', () => {
  const it = start(6, { consecutive5xx: 0, successRateMinimumRequests: 100 });
  it.pass(0);
  for (let index = 0; index < 5; index++) it.note(index, ...times(99, 'success'), 'error');
  it.note(5, ...times(60, 'success'), ...times(40, 'error'));
  expect(it.ejected()).toEqual([]);
  it.pass(10_000);
  expect(it.ejected()).toEqual([5]);
  expect(it.states[5]?.reason).toMatch(/^60 % succeeded, where its peers have 93 % on average$/);
});

test.each<[what: string, count: number, requests: number]>([
  ['too few replicas', 4, 100],
  ['too few requests', 6, 99],
])('with %s rates are not compared', (_what, count, requests) => {
  const it = start(count, { consecutive5xx: 0 });
  it.pass(0);
  for (let index = 1; index < count; index++) it.note(index, ...times(requests, 'success'));
  it.note(0, ...times(requests, 'error'));
  it.pass(10_000);
  expect(it.ejected()).toEqual([]);
});

test('a passed check ends an ejection', () => {
  const it = start(3);
  it.note(0, ...times(5, 'error'));
  readmit(it.states[0] ?? expect.fail());
  expect(it.ejected()).toEqual([]);
});
