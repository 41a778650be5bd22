// Pieces sold a day of each product: by the orders of orders.ts, and over the counters of the shop's branches, which
// leave a total a day and no order.
import { HISTORY_DAYS, toDay } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { createOrderHistory } from './orders.ts';
import { createRandom, toSeed } from './random.ts';
import { findUnitsWanted } from './wishes.ts';

/** Pieces sold on each of the HISTORY_DAYS days of the past. */
export function createHistory(product: Product): number[] {
  const random = createRandom(toSeed(`demand ${product.id}`));
  const sold = Array.from({ length: HISTORY_DAYS }, (_, day) =>
    Math.round(findUnitsWanted(product, day) * (0.75 + random() * 0.5)),
  );
  for (const { day, quantity } of findOrdered(product.id)) sold[day] = (sold[day] ?? 0) + quantity;
  return sold;
}

let ordered: Map<number, { day: number; quantity: number }[]> | undefined;

function findOrdered(productId: number): readonly { day: number; quantity: number }[] {
  ordered ??= groupOrders();
  return ordered.get(productId) ?? [];
}

function groupOrders(): Map<number, { day: number; quantity: number }[]> {
  const groups = new Map<number, { day: number; quantity: number }[]>();
  for (const { placedAt, lines } of createOrderHistory()) {
    const day = toDay(placedAt);
    for (const { productId, quantity } of lines) {
      const group = groups.get(productId) ?? [];
      group.push({ day, quantity });
      groups.set(productId, group);
    }
  }
  return groups;
}
