import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDeadlines, type Due } from './deadlines.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function createDue(onDue: (at: number) => void): Due {
  return { dueAt: Number.POSITIVE_INFINITY, slot: -1, onDue: () => onDue(performance.now()) };
}

test('each is told once, when it is due', () => {
  const deadlines = createDeadlines();
  const told: number[] = [];
  const start = performance.now();
  for (const ms of [500, 100, 300])
    deadlines.set(
      createDue(() => told.push(ms)),
      start + ms,
    );
  vi.advanceTimersByTime(99);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([100, 300, 500]);
  expect(vi.getTimerCount()).toBe(0);
});

test('one that is cleared or put off is not told before', () => {
  const deadlines = createDeadlines();
  const told: string[] = [];
  const cleared = createDue(() => told.push('cleared'));
  const putOff = createDue(() => told.push('put off'));
  const start = performance.now();
  deadlines.set(cleared, start + 100);
  deadlines.set(putOff, start + 100);
  deadlines.clear(cleared);
  deadlines.set(putOff, start + 200);
  vi.advanceTimersByTime(199);
  expect(told).toEqual([]);
  deadlines.set(cleared, Number.POSITIVE_INFINITY);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual(['put off']);
});

test('one may set the next from within', () => {
  const deadlines = createDeadlines();
  const told: number[] = [];
  const start = performance.now();
  const due = createDue((at) => {
    told.push(Math.round(at - start));
    if (told.length < 3) deadlines.set(due, at + 50);
  });
  deadlines.set(due, start + 50);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(3);
  expect(told.at(-1)).toBeLessThanOrEqual(160);
});

test('none is told early, and none more than a few ms late', () => {
  const step = fc.record({
    which: fc.nat(9),
    inMs: fc.integer({ min: 0, max: 300 }),
    passMs: fc.nat(60),
    clear: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const deadlines = createDeadlines();
      const wanted = new Map<number, number>();
      const dues = Array.from({ length: 10 }, (_, which) =>
        createDue((at) => {
          expect(at).toBeGreaterThanOrEqual(wanted.get(which) ?? Number.POSITIVE_INFINITY);
          wanted.delete(which);
        }),
      );
      for (const { which, inMs, passMs, clear } of steps) {
        const due = dues[which] ?? expect.fail();
        if (clear) {
          deadlines.clear(due);
          wanted.delete(which);
        } else {
          wanted.set(which, performance.now() + inMs);
          deadlines.set(due, performance.now() + inMs);
        }
        vi.advanceTimersByTime(passMs);
        for (const at of wanted.values()) expect(performance.now()).toBeLessThan(at + 5);
      }
    }),
  );
});
