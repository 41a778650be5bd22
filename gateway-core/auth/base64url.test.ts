import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64url } from './base64url.ts';

test('what was encoded is decoded', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('a text that is decoded is the only one that gives these bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ABab01-_+/= \n.é') }), (text) => {
      const bytes = decodeBase64url(text);
      if (bytes) expect(bytes.toString('base64url')).toBe(text);
    }),
  );
});

test.each(['AA==', 'AA=', 'A', 'AB', 'AA ', ' AA', 'A A', 'AA\n', '+/', 'AAé', 'A.A'])('%j is refused', (text) => {
  expect(decodeBase64url(text)).toBeUndefined();
});
