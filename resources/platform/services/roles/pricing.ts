// What a number of pieces costs, by stated rules and within bounds, and which list price the sales of the past speak for.
import { HISTORY_DAYS } from '../data/calendar.ts';
import { CATALOGUE, findProduct, type Product } from '../data/catalogue.ts';
import { createHistory } from '../data/demand.ts';
import { findCostCents, findPriceCents } from '../data/prices.ts';
import type { Program } from '../kit/program.ts';
import { ok, type Reply, readJson, refuse, toWhole } from '../kit/routes.ts';
import {
  type Elasticity,
  estimateElasticities,
  type Observation,
  type PriceBounds,
  suggestPrice,
} from './ai/elasticity.ts';
import { isNumbers, type ModelRecipe, openModel } from './ai/model.ts';
import { createAiService, findDegraded } from './aiService.ts';

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
const FLOOR_SHARE_OF_COST = 1.03;
const CAP_SHARE_OF_PRICE = 1.2;
const BOUNDS_SAY = 'never below the cost + 3 %, never above the list price + 20 %';
const METHOD =
  'own-price elasticity: log-log regression over the weeks of the past two years, pooled within the category';

export function findBounds(product: Product): PriceBounds {
  const floorCents = Math.ceil(findCostCents(product) * FLOOR_SHARE_OF_COST);
  return { floorCents, capCents: Math.max(floorCents, Math.floor(product.priceCents * CAP_SHARE_OF_PRICE)) };
}

export function calculatePrice(product: Product, quantity: number) {
  const applied = RULES.filter((rule) => rule.applies(product, quantity));
  const factor = applied.reduce((product, rule) => product * rule.factor, 1);
  const { floorCents, capCents } = findBounds(product);
  const unitCents = Math.min(capCents, Math.max(floorCents, Math.round(product.priceCents * factor)));
  return {
    baseCents: product.priceCents,
    unitCents,
    totalCents: unitCents * quantity,
    applied: applied.map((rule) => rule.says),
  };
}

/** Product id → elasticity, standard error, weeks that spoke. */
type Table = Record<string, number[]>;

export const ELASTICITIES: ModelRecipe<Table> = {
  name: 'elasticities',
  version: 1,
  train() {
    const table: Table = {};
    for (const products of Map.groupBy(CATALOGUE, ({ category }) => category).values()) {
      const weeks = new Map(products.map((product) => [product.id, createObservations(product)]));
      for (const [id, { value, standardError, weeks: count }] of estimateElasticities(weeks)) {
        table[id] = [value, standardError, count];
      }
    }
    return table;
  },
  parse(saved) {
    const rows = Object.values((saved ?? {}) as Table);
    return rows.length === CATALOGUE.length && rows.every((row) => isNumbers(row, 3)) ? (saved as Table) : undefined;
  },
};

function createObservations(product: Product): Observation[] {
  const sold = createHistory(product);
  const observations: Observation[] = [];
  for (let week = 0; week < Math.floor(HISTORY_DAYS / 7); week += 1) {
    let [units, cents] = [0, 0];
    for (let day = week * 7; day < week * 7 + 7; day += 1) {
      units += sold[day] ?? 0;
      cents += findPriceCents(product, day) / 7;
    }
    observations.push({ week, units, cents });
  }
  return observations;
}

function toElasticity(table: Table, product: Product): Elasticity {
  const [value = -1, standardError = 1, weeks = 0] = table[product.id] ?? [];
  return { value, standardError, weeks };
}

export async function createPricing(program: Program) {
  const model = await openModel(program, ELASTICITIES);

  function answer(productId: unknown, quantity: unknown): Reply {
    const product = findProduct(productId);
    if (product === undefined)
      return refuse(400, 'no-such-product', 'product_id must be the id of a product, for example 1');
    const pieces = toWhole(quantity, 1, 1, 10_000);
    if (pieces === null) return refuse(400, 'bad-quantity', 'quantity is 1 to 10000');
    const { value, standardError, weeks } = toElasticity(model.state, product);
    const bounds = findBounds(product);
    const suggestion = suggestPrice(findCostCents(product), value, bounds);
    return ok({
      productId: product.id,
      quantity: pieces,
      ...calculatePrice(product, pieces),
      rules: [...RULES.map((rule) => rule.says), BOUNDS_SAY],
      elasticity: { value: round(value), standardError: round(standardError), weeks, method: METHOD },
      suggestion: { listCents: suggestion.cents, because: suggestion.because, ...bounds },
      degraded: findDegraded([model.dependency]),
    });
  }

  return createAiService('pricing', 8003, {
    routes: [
      {
        method: 'GET',
        path: '/calculate/',
        handle: ({ query }) => answer(query.get('product_id'), query.get('quantity')),
      },
      {
        method: 'POST',
        path: '/calculate/',
        handle: (request) => {
          const json = readJson(request);
          return 'refusal' in json ? json.refusal : answer(json.value.product_id, json.value.quantity);
        },
      },
    ],
    describe: { 'model-state': model.described, model: `${model.fingerprint}, ${model.origin}` },
    leansOn: [model.dependency],
    close: model.close,
  });
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
