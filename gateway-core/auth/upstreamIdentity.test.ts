import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toFieldValue } from './upstreamIdentity.ts';

test.each<[claim: unknown, value: string | undefined]>([
  ['user-1', 'user-1'],
  ['Ann Lee', 'Ann Lee'],
  [' a ', '%20a%20'],
  ['Žofie', '%C5%BDofie'],
  ['100%', '100%25'],
  ['a\r\nx-admin: 1', 'a%0D%0Ax-admin: 1'],
  ['😀', '%F0%9F%98%80'],
  [42, '42'],
  [false, 'false'],
  [['a', 'b,c', 7], 'a,b%2Cc,7'],
  [[], ''],
  [undefined, undefined],
  [null, undefined],
  [{ a: 1 }, undefined],
  [['a', {}], undefined],
  ['x'.repeat(1_025), undefined],
])('%j becomes %j', (claim, value) => {
  expect(toFieldValue(claim)).toBe(value);
});

test('whatever a claim says is a field value, and can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (claim) => {
      const value = toFieldValue(claim);
      expect(value).toMatch(/^(?:[!-~](?:[ -~]*[!-~])?)?$/);
      expect(decodeURIComponent(value ?? '')).toBe(claim);
    }),
  );
});

test('a list is read back item by item', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 8 }), (claim) => {
      expect(toFieldValue(claim)?.split(',').map(decodeURIComponent)).toEqual(claim);
    }),
  );
});
