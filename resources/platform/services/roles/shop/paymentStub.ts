// A stand-in for a payment provider: it moves no money and asks nobody. What it answers depends on the card's number alone,
// so that each outcome can be tried.
import { createHash } from 'node:crypto';

/** Every other number with a right check digit is approved. */
export const STUB_CARDS = {
  declined: '4000000000000002',
  /** The provider fails at the first two tries and approves the third. */
  flaky: '4000000000000010',
  /** The provider never answers. */
  unreachable: '4000000000000028',
} as const;

export type PaymentMethod = 'stub:approve' | `stub:${keyof typeof STUB_CARDS}`;

const FLAKY_FAILURES = 2;

/** What is kept of a card: never its number. undefined when it is none. */
export function findPaymentMethod(cardNumber: string): PaymentMethod | undefined {
  const digits = cardNumber.replace(/[ -]/g, '');
  if (!/^\d{12,19}$/.test(digits) || !hasCheckDigit(digits)) return undefined;
  for (const [name, number] of Object.entries(STUB_CARDS)) {
    if (digits === number) return `stub:${name as keyof typeof STUB_CARDS}`;
  }
  return 'stub:approve';
}

/** ISO/IEC 7812-1, annex B (Luhn). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (const [index, character] of [...digits].reverse().entries()) {
    const digit = Number(character) * (index % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

export interface Charge {
  method: string;
  /** A real provider is given this as its idempotency key, and charges once however often it is asked. */
  orderId: number;
  amountCents: number;
  attempt: number;
}

export interface Payment {
  result: 'approved' | 'declined';
  reference: string;
}

/** The provider did not answer; whether it has charged is not known, and it has to be asked again. */
export class PaymentProviderAway extends Error {
  override name = 'PaymentProviderAway';
}

/** Throws PaymentProviderAway. */
export function charge({ method, orderId, amountCents, attempt }: Charge): Payment {
  if (method === 'stub:unreachable' || (method === 'stub:flaky' && attempt <= FLAKY_FAILURES)) {
    throw new PaymentProviderAway('the payment stub plays a provider that does not answer');
  }
  const reference = `stub-${createHash('sha256').update(`${orderId} ${amountCents}`).digest('hex').slice(0, 12)}`;
  return { result: method === 'stub:declined' ? 'declined' : 'approved', reference };
}
