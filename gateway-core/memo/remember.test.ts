import { expect, test } from 'vitest';
import { remember } from './remember.ts';

/** Answers with the length, and notes what it was asked. */
function startCounting() {
  const asked: string[] = [];
  const lengthOf = remember((text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  return { asked, lengthOf };
}

test('a text that comes again is not computed again', () => {
  const { asked, lengthOf } = startCounting();
  expect([lengthOf('host'), lengthOf('host'), lengthOf('te'), lengthOf('host')]).toEqual([4, 4, 2, 4]);
  expect(asked).toEqual(['host', 'te']);
});

test('no answer is not kept, nor is a long text', () => {
  const { asked, lengthOf } = startCounting();
  const long = 'x'.repeat(257);
  expect([lengthOf(''), lengthOf(''), lengthOf(long), lengthOf(long)]).toEqual([undefined, undefined, 257, 257]);
  expect(asked).toEqual(['', '', long, long]);
});

test('made-up texts take their room for a while, and never more than it', () => {
  const { asked, lengthOf } = startCounting();
  for (let index = 0; index < 1_024; index++) lengthOf(`made-up-${index}`);
  lengthOf('host');
  asked.length = 0;
  expect([lengthOf('host'), lengthOf('made-up-0')]).toEqual([4, 9]);
  expect(asked).toEqual(['made-up-0']);
});
