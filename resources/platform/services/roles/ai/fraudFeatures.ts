// What the fraud model looks at in an order.
import { DAY_MS } from '../../data/calendar.ts';
import { CUSTOMERS } from '../../data/customers.ts';
import type { HistoricOrder } from '../../data/orders.ts';

/** undefined: not known. */
export interface Sale {
  amountCents: number;
  /** Shipped to another country than the account's. */
  otherCountry: boolean | undefined;
  accountAgeDays: number | undefined;
  /** By the same account, this one left out. */
  ordersLastHour: number | undefined;
  /** Of the day, in UTC. */
  hour: number | undefined;
}

interface Feature {
  id: string;
  says: string;
  of(sale: Sale): number | undefined;
}

const NIGHT_UNTIL_HOUR = 5;
/** Twice the amount is as much more at 50 euros as at 500; likewise for the others that are logarithms. */
export const FEATURES: readonly Feature[] = [
  { id: 'amount', says: 'how much it comes to', of: ({ amountCents }) => Math.log1p(amountCents / 100) },
  {
    id: 'other-country',
    says: 'shipped to another country than the account’s',
    of: ({ otherCountry }) => (otherCountry === undefined ? undefined : Number(otherCountry)),
  },
  {
    id: 'young-account',
    says: 'how young the account is',
    of: ({ accountAgeDays: days }) => (days === undefined ? undefined : -Math.log1p(days)),
  },
  {
    id: 'many-orders',
    says: 'how many orders came from it in the last hour',
    of: ({ ordersLastHour: orders }) => (orders === undefined ? undefined : Math.log1p(orders)),
  },
  {
    id: 'night',
    says: 'placed at night',
    of: ({ hour }) => (hour === undefined ? undefined : Number(hour < NIGHT_UNTIL_HOUR)),
  },
];

export function toFeatures(sale: Sale): (number | undefined)[] {
  return FEATURES.map((feature) => feature.of(sale));
}

/** What was known of each order when it was placed. The orders must be in the order of their time. */
export function createSales(orders: readonly HistoricOrder[]): { order: HistoricOrder; sale: Sale }[] {
  const customers = new Map(CUSTOMERS.map((customer) => [customer.id, customer]));
  const recent = new Map<number, number[]>();
  return orders.map((order) => {
    const atMs = Date.parse(order.placedAt);
    const customer = customers.get(order.customerId);
    const lastHour = (recent.get(order.customerId) ?? []).filter((ms) => atMs - ms < 3_600_000);
    recent.set(order.customerId, [...lastHour, atMs]);
    const sale: Sale = {
      amountCents: order.lines.reduce((sum, { priceCents, quantity }) => sum + priceCents * quantity, 0),
      otherCountry: customer && customer.country !== order.shippingCountry,
      accountAgeDays: customer && (atMs - Date.parse(customer.registeredAt)) / DAY_MS,
      ordersLastHour: lastHour.length,
      hour: new Date(atMs).getUTCHours(),
    };
    return { order, sale };
  });
}
