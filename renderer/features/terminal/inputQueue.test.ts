import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInputQueue, fromBase64, toBase64 } from './inputQueue.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('what is typed while a message is on its way goes together, in order', async () => {
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const queue = createInputQueue((message) => {
    sent.push(new TextDecoder().decode(message));
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  for (const key of ['l', 's', '\r']) queue.push(bytes(key));
  expect(sent).toEqual(['l']);
  answers[0]?.();
  await expect.poll(() => sent).toEqual(['l', 's\r']);
});

test('a host that does not answer is not sent more than it may be', () => {
  let sent = 0;
  const queue = createInputQueue((message) => {
    sent += message.length;
    return new Promise(() => {});
  });
  for (let count = 0; count < 10; count += 1) queue.push(new Uint8Array(100_000));
  expect(sent).toBe(100_000);
});

test('after a message that failed the next one is sent', async () => {
  const sent: number[] = [];
  const queue = createInputQueue(async (message) => {
    sent.push(message.length);
    throw new Error('gone');
  });
  queue.push(bytes('a'));
  queue.push(bytes('bc'));
  await expect.poll(() => sent).toEqual([1, 2]);
});

test('base64 there and back is the same', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (given) => {
      expect(fromBase64(toBase64(given))).toEqual(given);
    }),
  );
});
