import { expect, test } from 'vitest';
import { createSequence } from './sequence.ts';

const one = (sequence: number, id = `one-${sequence}`) => ({ id, gateway: 'one', sequence });

test('a gap in a gateway’s count is what was missed', () => {
  const sequence = createSequence(10);
  expect(sequence.take(one(5))).toEqual({ isNew: true, missed: 0 });
  expect(sequence.take(one(6))).toEqual({ isNew: true, missed: 0 });
  expect(sequence.take(one(9))).toEqual({ isNew: true, missed: 2 });
});

test('what a tap repeats after a reconnect is known', () => {
  const sequence = createSequence(10);
  for (const n of [1, 2, 3]) sequence.take(one(n));
  expect([1, 2, 3].map((n) => sequence.take(one(n)).isNew)).toEqual([false, false, false]);
  expect(sequence.take(one(4))).toEqual({ isNew: true, missed: 0 });
});

test('a new process under the same name begins again', () => {
  const sequence = createSequence(10);
  sequence.take(one(500));
  expect(sequence.take(one(1, 'other'))).toEqual({ isNew: true, missed: 0 });
  expect(sequence.take(one(2, 'other-2'))).toEqual({ isNew: true, missed: 0 });
});

test('each gateway has its own count', () => {
  const sequence = createSequence(10);
  sequence.take(one(1));
  expect(sequence.take({ id: 'two-9', gateway: 'two', sequence: 9 })).toEqual({ isNew: true, missed: 0 });
});
