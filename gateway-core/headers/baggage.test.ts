import { expect, test } from 'vitest';
import { toBaggage } from './baggage.ts';

test.each<[fields: string[], passed: string]>([
  [['a=1'], 'a=1'],
  [['a=1', 'b=2'], 'a=1,b=2'],
  [['a = 1 ; p ; q = 2 , b=%20x=y'], 'a = 1 ; p ; q = 2,b=%20x=y'],
  [['a='], 'a='],
  // Only what cannot be read goes.
  [['a=1,b,c=3'], 'a=1,c=3'],
  [['a="1",b=2'], 'b=2'],
  [['a=x y,b=2'], 'b=2'],
  [['=1,b=2'], 'b=2'],
  [['a=1;;p,b=2'], 'b=2'],
  [['a=1;p q,b=2'], 'b=2'],
  [['ä=1,b=ü,c=3'], 'c=3'],
  [[',, ,'], ''],
  [[''], ''],
])('%j → %j', (fields, passed) => {
  expect(toBaggage(fields)).toBe(passed);
});

test('64 members and 8192 bytes are passed on, more are cut off at whole members', () => {
  const members = Array.from({ length: 70 }, (_, index) => `k${index}=v`);
  expect(toBaggage([members.join(',')])).toBe(members.slice(0, 64).join(','));
  const long = Array.from({ length: 10 }, (_, index) => `k${index}=${'v'.repeat(1_000)}`);
  expect(toBaggage(long)).toBe(long.slice(0, 8).join(','));
  expect(toBaggage([`a=${'v'.repeat(8_190)}`]).length).toBe(8_192);
  expect(toBaggage([`a=${'v'.repeat(8_191)}`, 'b=2'])).toBe('b=2');
});

test('a field that is made to be slow to read is read at once', () => {
  const began = performance.now();
  toBaggage([`a=${'  ;b='.repeat(3_000)}"`]);
  toBaggage([`a${' '.repeat(15_000)}b`]);
  expect(performance.now() - began).toBeLessThan(1_000);
});
