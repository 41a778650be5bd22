import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FIRST_DAY, LAST_DAY, toDateText, toDay } from './calendar.ts';
import { CATALOGUE, findProduct, toNoun } from './catalogue.ts';
import { CUSTOMERS } from './customers.ts';
import { createOrderHistory } from './orders.ts';
import { findPriceCents } from './prices.ts';

const orders = createOrderHistory();
const customerOf = new Map(CUSTOMERS.map((customer) => [customer.id, customer]));

test('customers have ids and addresses of their own, and mail to them reaches nobody', () => {
  expect(new Set(CUSTOMERS.map(({ id }) => id)).size).toBe(800);
  expect(new Set(CUSTOMERS.map(({ email }) => email)).size).toBe(800);
  expect(CUSTOMERS.every(({ email }) => email.endsWith('.example'))).toBe(true);
});

test('the history is the same in every process', () => {
  const hash = createHash('sha256')
    .update(JSON.stringify([CATALOGUE, CUSTOMERS, orders]))
    .digest('hex');
  expect(hash.slice(0, 16)).toBe('b85d24af53c9448a');
  expect(createOrderHistory()).toBe(orders);
});

test('about 3,000 orders are numbered in the order of their time', () => {
  expect(orders.length).toBeGreaterThan(2_950);
  expect(orders.length).toBeLessThan(3_100);
  expect(orders.map(({ id }) => id)).toEqual(orders.map((_, index) => index + 1));
  expect(orders.every((order, index) => index === 0 || (orders[index - 1]?.placedAt ?? '') <= order.placedAt)).toBe(
    true,
  );
});

test('orders lie in the calendar, and none before its customer signed up', () => {
  expect(orders[0]?.placedAt.slice(0, 10)).toBe(FIRST_DAY);
  expect(orders.at(-1)?.placedAt.slice(0, 10)).toBe(LAST_DAY);
  expect(toDateText(toDay(LAST_DAY))).toBe(LAST_DAY);
  const early = orders.filter(
    ({ customerId, placedAt }) => placedAt < (customerOf.get(customerId)?.registeredAt ?? 'z'),
  );
  expect(early).toEqual([]);
});

test('every line is of a product, once an order, at its price of that day', () => {
  for (const { lines, placedAt } of orders) {
    expect(new Set(lines.map(({ productId }) => productId)).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(0);
    for (const { productId, quantity, priceCents } of lines) {
      const product = findProduct(productId);
      expect(product && findPriceCents(product, toDay(placedAt))).toBe(priceCents);
      expect(quantity).toBeGreaterThan(0);
    }
  }
});

test('on the last day everything costs what the catalogue says, and before it prices varied', () => {
  for (const product of CATALOGUE) {
    expect(findPriceCents(product, toDay(LAST_DAY))).toBe(product.priceCents);
    const prices = new Set(Array.from({ length: 730 }, (_, day) => findPriceCents(product, day)));
    expect(prices.size).toBeGreaterThan(3);
  }
});

test('about one order in fifty was a fraud', () => {
  const frauds = orders.filter(({ isFraud }) => isFraud).length;
  expect(frauds / orders.length).toBeGreaterThan(0.01);
  expect(frauds / orders.length).toBeLessThan(0.04);
});

test('what goes together is bought together far more often than what does not', () => {
  const together = (a: string, b: string) =>
    orders.filter(({ lines }) => {
      const nouns = lines.map(({ productId }) => toNoun(findProduct(productId) ?? CATALOGUE[0] ?? fail()));
      return nouns.includes(a) && nouns.includes(b);
    }).length;
  expect(together('kettle', 'teapot')).toBeGreaterThan(2 * together('kettle', 'knife'));
});

function fail(): never {
  throw new Error('the catalogue is empty');
}
