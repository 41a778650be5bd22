// A price by a stated rule; the answer lists every step that was applied.
import { findProduct, type Product } from '../data/catalogue.ts';
import { ok, type Reply, readJson, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

interface Rule {
  says: string;
  factor: number;
  applies(product: Product, quantity: number): boolean;
}

const RULES: readonly Rule[] = [
  { says: 'fewer than 20 in stock: +10 %', factor: 1.1, applies: (product) => product.stock < 20 },
  { says: 'more than 150 in stock: -5 %', factor: 0.95, applies: (product) => product.stock > 150 },
  { says: '10 to 49 pieces: -5 %', factor: 0.95, applies: (_, quantity) => quantity >= 10 && quantity < 50 },
  { says: '50 pieces or more: -12 %', factor: 0.88, applies: (_, quantity) => quantity >= 50 },
];

export function calculatePrice(product: Product, quantity: number) {
  const applied = RULES.filter((rule) => rule.applies(product, quantity));
  const factor = applied.reduce((product, rule) => product * rule.factor, 1);
  const unitCents = Math.round(product.priceCents * factor);
  return {
    baseCents: product.priceCents,
    unitCents,
    totalCents: unitCents * quantity,
    applied: applied.map((rule) => rule.says),
  };
}

function answer(productId: unknown, quantity: unknown): Reply {
  const product = findProduct(productId);
  if (product === undefined)
    return refuse(400, 'no-such-product', 'product_id must be the id of a product, for example 1');
  const pieces = toWhole(quantity, 1, 1, 10_000);
  if (pieces === null) return refuse(400, 'bad-quantity', 'quantity is 1 to 10000');
  return ok({
    productId: product.id,
    quantity: pieces,
    ...calculatePrice(product, pieces),
    rules: RULES.map((rule) => rule.says),
  });
}

function fromBody(request: ServiceRequest): Reply {
  const json = readJson(request);
  return 'refusal' in json ? json.refusal : answer(json.value.product_id, json.value.quantity);
}

export const createPricing = () =>
  createAiService('pricing', 8003, [
    {
      method: 'GET',
      path: '/calculate/',
      handle: ({ query }) => answer(query.get('product_id'), query.get('quantity')),
    },
    { method: 'POST', path: '/calculate/', handle: fromBody },
  ]);
