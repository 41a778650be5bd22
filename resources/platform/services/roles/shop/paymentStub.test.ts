import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charge, findPaymentMethod, PaymentProviderAway, STUB_CARDS } from './paymentStub.ts';

test.each([
  ['4242 4242 4242 4242', 'stub:approve'],
  [STUB_CARDS.declined, 'stub:declined'],
  ['4000-0000-0000-0010', 'stub:flaky'],
  [STUB_CARDS.unreachable, 'stub:unreachable'],
  ['4242424242424241', undefined],
  ['42', undefined],
  ['4242x4242y42424242', undefined],
])('the card %s is kept as %s', (number, method) => {
  expect(findPaymentMethod(number)).toBe(method);
});

test('a number with one digit mistyped is no card (Luhn finds each of those)', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 });
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
      const index = at % number.length;
      const mistyped = number.with(index, ((number[index] ?? 0) + by) % 10);
      fc.pre(findPaymentMethod(number.join('')) !== undefined);
      expect(findPaymentMethod(mistyped.join(''))).toBeUndefined();
    }),
  );
});

const asked = { orderId: 17, amountCents: 1_000, attempt: 1 };

test('the same charge has the same answer, however often it is asked for', () => {
  const payment = charge({ ...asked, method: 'stub:approve' });
  expect(payment).toMatchObject({ result: 'approved' });
  expect(charge({ ...asked, method: 'stub:approve', attempt: 4 })).toEqual(payment);
  expect(charge({ ...asked, method: 'stub:declined' })).toMatchObject({ result: 'declined' });
});

test('the flaky one approves at the third try, the unreachable one never', () => {
  const at = (method: string, attempt: number) => () => charge({ ...asked, method, attempt });
  expect(at('stub:flaky', 1)).toThrow(PaymentProviderAway);
  expect(at('stub:flaky', 2)).toThrow(PaymentProviderAway);
  expect(at('stub:flaky', 3)()).toMatchObject({ result: 'approved' });
  expect(at('stub:unreachable', 9)).toThrow(PaymentProviderAway);
});
