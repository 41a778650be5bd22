import { expect, test, vi } from 'vitest';
import { createWhileUsed } from './whileUsed.ts';

function create(lingerMs: number) {
  let begun = 0;
  let running = 0;
  const used = createWhileUsed(async (signal) => {
    begun += 1;
    running += 1;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    running -= 1;
  }, lingerMs);
  return { used, counts: () => [begun, running] };
}
const until = (check: () => void) => vi.waitFor(check, { interval: 2 });

test('it begins with the first who holds it, and ends after the last', async () => {
  const { used, counts } = create(5);
  expect(counts()).toEqual([0, 0]);
  const release = [used.hold(), used.hold()];
  expect(counts()).toEqual([1, 1]);
  release[0]?.();
  release[0]?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(counts()).toEqual([1, 1]);
  release[1]?.();
  await until(() => expect(counts()).toEqual([1, 0]));
});

test('a touch starts it for a while, and later again', async () => {
  const { used, counts } = create(5);
  used.touch();
  await until(() => expect(counts()).toEqual([1, 0]));
  used.touch();
  expect(counts()).toEqual([2, 1]);
  await used.close();
  expect(counts()).toEqual([2, 0]);
});

test('once closed it does not begin again', async () => {
  const { used, counts } = create(5);
  await used.close();
  used.touch();
  used.hold()();
  expect(counts()).toEqual([0, 0]);
});
