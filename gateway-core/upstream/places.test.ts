import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { createPlaces, type PlaceRefusal } from './places.ts';

test('who waits gets a place in turn, before anybody who comes later', () => {
  const places = createPlaces({ maxInFlight: 1, maxQueued: 2, maxQueueMs: 1_000 });
  const turns: string[] = [];
  expect(places.enter()).toBe(true);
  places.wait(() => turns.push('first'));
  places.wait(() => turns.push('second'));
  expect(places.wait(() => turns.push('third'))).toBeUndefined();
  places.leave();
  expect(turns).toEqual(['first']);
  expect(places.enter()).toBe(false);
  places.leave();
  expect(turns).toEqual(['first', 'second']);
  places.leave();
  expect(places.enter()).toBe(true);
});

test('who leaves the queue frees its place in it', () => {
  const places = createPlaces({ maxInFlight: 1, maxQueued: 1, maxQueueMs: 1_000 });
  places.enter();
  const leave = places.wait(() => expect.unreachable());
  leave?.();
  const turns: (PlaceRefusal | null)[] = [];
  expect(places.wait((refusal) => turns.push(refusal))).toBeTypeOf('function');
  places.leave();
  expect(turns).toEqual([null]);
});

test('nobody waits longer than configured', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const places = createPlaces({ maxInFlight: 1, maxQueued: 9, maxQueueMs: 100 }, () => performance.now());
  places.enter();
  const turns: string[] = [];
  places.wait((refusal) => turns.push(`first ${refusal}`));
  vi.advanceTimersByTime(60);
  places.wait((refusal) => turns.push(`second ${refusal}`));
  vi.advanceTimersByTime(39);
  expect(turns).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(turns).toEqual(['first timeout']);
  vi.advanceTimersByTime(60);
  expect(turns).toEqual(['first timeout', 'second timeout']);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('all who wait can be sent away, and more places let more of them in', () => {
  const places = createPlaces({ maxInFlight: 1, maxQueued: 9, maxQueueMs: 1_000 });
  const turns: (PlaceRefusal | null)[] = [];
  places.enter();
  for (let index = 0; index < 3; index++) places.wait((refusal) => turns.push(refusal));
  places.configure({ maxInFlight: 3, maxQueued: 9, maxQueueMs: 1_000 });
  expect(turns).toEqual([null, null]);
  places.flush();
  expect(turns).toEqual([null, null, 'flushed']);
  expect(places).toMatchObject({ inFlight: 3, queued: 0 });
});

test('whatever happens, there are never more inside than places, nor free ones while somebody waits', () => {
  const step = fc.constantFrom('come', 'leave', 'give up', 'widen', 'narrow');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      let policy = { maxInFlight: 2, maxQueued: 3, maxQueueMs: 60_000 };
      const places = createPlaces(policy);
      let inside = 0;
      let narrowed = false;
      const waiting: (() => void)[] = [];
      for (const next of steps) {
        if (next === 'come') {
          if (places.enter()) inside += 1;
          else {
            const leave = places.wait(() => {
              inside += 1;
              waiting.shift();
            });
            expect(leave === undefined).toBe(waiting.length >= policy.maxQueued);
            if (leave) waiting.push(leave);
          }
        } else if (next === 'leave' && inside > 0) {
          inside -= 1;
          places.leave();
        } else if (next === 'give up') waiting.pop()?.();
        else if (next === 'widen' || next === 'narrow') {
          policy = { ...policy, maxInFlight: next === 'widen' ? 4 : 2 };
          narrowed = next === 'narrow';
          places.configure(policy);
        }
        expect(places.inFlight).toBe(inside);
        expect(places.queued).toBe(waiting.length);
        if (!narrowed) expect(inside).toBeLessThanOrEqual(policy.maxInFlight);
        if (waiting.length > 0) expect(inside).toBeGreaterThanOrEqual(policy.maxInFlight);
      }
      for (const leave of waiting) leave();
    }),
  );
});
