import { expect, test } from 'vitest';
import { HISTORY_DAYS, toDay } from './calendar.ts';
import { CATALOGUE } from './catalogue.ts';
import { createHistory } from './demand.ts';
import { createOrderHistory } from './orders.ts';

const sold = CATALOGUE.filter(({ category }) => category === 'garden').map(createHistory);
const total = (days: (day: number) => boolean) =>
  sold.flat().reduce((sum, units, index) => (days(index % HISTORY_DAYS) ? sum + units : sum), 0);

test('the history has a whole number of pieces for every day', () => {
  const [first] = CATALOGUE;
  expect(first && createHistory(first)).toHaveLength(HISTORY_DAYS);
  expect(sold.flat().every((units) => Number.isInteger(units) && units >= 0)).toBe(true);
});

test('what the orders took is in it', () => {
  const history = new Map(CATALOGUE.map((product) => [product.id, createHistory(product)]));
  for (const { placedAt, lines } of createOrderHistory()) {
    for (const { productId, quantity } of lines) {
      expect(history.get(productId)?.[toDay(placedAt)]).toBeGreaterThanOrEqual(quantity);
    }
  }
});

test('the week has its season: Saturdays sell more than Mondays', () => {
  expect(total((day) => day % 7 === 5)).toBeGreaterThan(1.4 * total((day) => day % 7 === 0));
});

test('the year has its season: the garden sells more in May than in November', () => {
  const may = total((day) => day >= toDay('2025-05-01') && day < toDay('2025-05-31'));
  const november = total((day) => day >= toDay('2025-11-01') && day < toDay('2025-12-01'));
  expect(may).toBeGreaterThan(1.8 * november);
});
