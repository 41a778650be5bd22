// Scores an order by stated rules; the answer names the ones that struck.
import { ok, readJson, refuse, type ServiceRequest } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

export interface Sale {
  amountCents: number;
  billingCountry: string;
  shippingCountry: string;
  accountAgeDays: number;
  ordersLastHour: number;
}

interface Rule {
  id: string;
  says: string;
  points: number;
  strikes(sale: Sale): boolean;
}

const RULES: readonly Rule[] = [
  { id: 'large-amount', says: 'more than 500.00', points: 20, strikes: (sale) => sale.amountCents > 50_000 },
  { id: 'very-large-amount', says: 'more than 2000.00', points: 25, strikes: (sale) => sale.amountCents > 200_000 },
  {
    id: 'other-country',
    says: 'billed in one country, shipped to another',
    points: 25,
    strikes: (sale) => sale.billingCountry !== sale.shippingCountry,
  },
  { id: 'new-account', says: 'account younger than 7 days', points: 20, strikes: (sale) => sale.accountAgeDays < 7 },
  {
    id: 'many-orders',
    says: 'more than 5 orders in the last hour',
    points: 30,
    strikes: (sale) => sale.ordersLastHour > 5,
  },
];
const REVIEW_FROM = 40;
const REJECT_FROM = 70;

export function scoreSale(sale: Sale) {
  const struck = RULES.filter((rule) => rule.strikes(sale));
  const score = Math.min(
    100,
    struck.reduce((sum, rule) => sum + rule.points, 0),
  );
  const decision = score >= REJECT_FROM ? 'reject' : score >= REVIEW_FROM ? 'review' : 'accept';
  return { score, decision, reasons: struck.map(({ id, says, points }) => ({ id, says, points })) };
}

function toAmount(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : fallback;
}

function toCountry(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 2).toUpperCase() : '';
}

function check(request: ServiceRequest) {
  const json = readJson(request);
  if ('refusal' in json) return json.refusal;
  const given = json.value;
  if (typeof given.amount_cents !== 'number') return refuse(400, 'no-amount', 'amount_cents must be a number');
  const sale: Sale = {
    amountCents: toAmount(given.amount_cents, 0),
    billingCountry: toCountry(given.billing_country),
    shippingCountry: toCountry(given.shipping_country ?? given.billing_country),
    accountAgeDays: toAmount(given.account_age_days, 365),
    ordersLastHour: toAmount(given.orders_last_hour, 0),
  };
  return ok({
    ...scoreSale(sale),
    method: `${RULES.length} stated rules; review from ${REVIEW_FROM}, reject from ${REJECT_FROM}`,
  });
}

const listRules = () => ok(RULES.map(({ id, says, points }) => ({ id, says, points })));

export const createFraud = () =>
  createAiService('fraud', 8005, [
    { method: 'POST', path: '/check/', handle: check },
    { method: 'GET', path: '/rules/', handle: listRules },
  ]);
