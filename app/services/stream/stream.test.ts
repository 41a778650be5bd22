import { expect, test } from 'vitest';
import { batches, createBoundedQueue } from './boundedQueue.ts';
import { createLineSplitter } from './lines.ts';
import { createLiveValue, follow } from './liveValue.ts';
import { createWake, wait } from './wait.ts';

const never = () => new AbortController().signal;

test('a follower gets the current value, then the newest: what came in between is not queued', async () => {
  const live = createLiveValue(1);
  const values = follow(live, never());
  expect((await values.next()).value).toBe(1);
  live.set(2);
  live.set(3);
  expect((await values.next()).value).toBe(3);
  await values.return(undefined);
  expect(live.listenerCount).toBe(0);
});

test('what is not known yet is not yielded', async () => {
  const live = createLiveValue<number | undefined>(undefined);
  const values = follow(live, never());
  const first = values.next();
  live.set(undefined);
  live.set(7);
  expect((await first).value).toBe(7);
  await values.return(undefined);
});

test('a follower that waits ends at once when it leaves', async () => {
  const live = createLiveValue(1);
  const leaving = new AbortController();
  const values = follow(live, leaving.signal);
  await values.next();
  const waiting = values.next();
  leaving.abort();
  expect((await waiting).done).toBe(true);
  expect(live.listenerCount).toBe(0);
});

test('a listener that stops while the others are told does not disturb them', () => {
  const live = createLiveValue(0);
  const seen: string[] = [];
  const stopFirst = live.onChange(() => {
    seen.push('first');
    stopFirst();
  });
  live.onChange(() => seen.push('second'));
  live.set(1);
  live.set(2);
  expect(seen).toEqual(['first', 'second', 'second']);
});

test('a full queue drops the oldest and counts them', () => {
  const queue = createBoundedQueue<number>(3);
  for (let n = 1; n <= 10; n += 1) queue.push(n);
  expect(queue.drain()).toEqual({ items: [8, 9, 10], skipped: 7 });
  expect(queue.drain()).toEqual({ items: [], skipped: 0 });
});

test('batches gather a burst, and end with the queue', async () => {
  const queue = createBoundedQueue<number>(10);
  const reading = batches(queue, never(), 10);
  const first = reading.next();
  queue.push(1);
  queue.push(2);
  expect((await first).value).toEqual({ items: [1, 2], skipped: 0 });
  queue.skip(3);
  queue.end();
  expect((await reading.next()).value).toEqual({ items: [], skipped: 3 });
  expect((await reading.next()).done).toBe(true);
});

test('a long line is cut, and the next one is whole', () => {
  const splitter = createLineSplitter(4);
  expect(splitter.push(Buffer.from('abc')).map(String)).toEqual([]);
  expect(splitter.push(Buffer.from('defgh\nxy\r\n\nz')).map(String)).toEqual(['abcd', 'xy', '']);
  expect(String(splitter.rest())).toBe('z');
  expect(splitter.rest()).toBeUndefined();
});

test('waiting ends by its time, by its signal, and by the doorbell', async () => {
  const leaving = new AbortController();
  const waiting = [
    wait(60_000, leaving.signal),
    createWake().next(leaving.signal),
    createWake().next(leaving.signal, 60_000),
  ];
  leaving.abort();
  await Promise.all(waiting);
  const wake = createWake();
  await wake.next(never(), 1);
  wake.notify();
  await wake.next(never());
});
