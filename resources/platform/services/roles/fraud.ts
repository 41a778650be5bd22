// How likely an order is a fraud, by a logistic model that learns at the start from the orders of the past and what was
// found out about them; the answer says what each feature adds.
import { createOrderHistory, type HistoricOrder } from '../data/orders.ts';
import type { Program } from '../kit/program.ts';
import { ok, readJson, refuse, type ServiceRequest } from '../kit/routes.ts';
import { createSales, FEATURES, type Sale, toFeatures } from './ai/fraudFeatures.ts';
import { explain, findAuc, type LogisticModel, trainLogistic } from './ai/logistic.ts';
import { isNumbers, type ModelRecipe, openModel } from './ai/model.ts';
import { createAiService, findDegraded } from './aiService.ts';

/** In hundredths: an honest order in a hundred is looked at by somebody, and next to none is refused. */
const REVIEW_FROM = 10;
const REJECT_FROM = 60;
const METHOD = `logistic regression over ${FEATURES.length} features; review from ${REVIEW_FROM}, reject from ${REJECT_FROM}`;

/** Every fourth order is kept from the training, to measure by. */
const isHeldOut = ({ id }: HistoricOrder) => id % 4 === 0;

interface FraudModel extends LogisticModel {
  auc: number;
  /** Of the orders that were held out. */
  heldOut: { orders: number; frauds: number; caught: number; honestHeldUp: number };
}

export const FRAUD: ModelRecipe<FraudModel> = {
  name: 'fraud',
  version: 1,
  train() {
    const rows = createSales(createOrderHistory()).map(({ order, sale }) => ({
      features: toFeatures(sale).map((value) => value ?? 0),
      label: order.isFraud,
      isHeldOut: isHeldOut(order),
    }));
    const model = trainLogistic(rows.filter((row) => !row.isHeldOut));
    const measured = rows
      .filter((row) => row.isHeldOut)
      .map(({ features, label }) => ({ label, score: explain(model, features).probability }));
    const heldUp = measured.filter(({ score }) => Math.round(score * 100) >= REVIEW_FROM);
    return {
      ...model,
      auc: findAuc(measured),
      heldOut: {
        orders: measured.length,
        frauds: measured.filter(({ label }) => label).length,
        caught: heldUp.filter(({ label }) => label).length,
        honestHeldUp: heldUp.filter(({ label }) => !label).length,
      },
    };
  },
  parse(saved) {
    const model = (saved ?? {}) as Partial<FraudModel>;
    const { weights, means, deviations, heldOut } = model;
    const fits = [weights, means, deviations].every((list) => isNumbers(list, FEATURES.length));
    const measured = isNumbers([model.intercept, model.auc, ...Object.values(heldOut ?? {})], 6);
    return fits && measured ? (model as FraudModel) : undefined;
  },
};

export function scoreSale(model: LogisticModel, sale: Sale) {
  const { probability, contributions } = explain(model, toFeatures(sale));
  const score = Math.round(probability * 100);
  const decision = score >= REJECT_FROM ? 'reject' : score >= REVIEW_FROM ? 'review' : 'accept';
  const reasons = FEATURES.map(({ id, says }, index) => ({ id, says, contribution: round(contributions[index] ?? 0) }));
  return { score, decision, reasons: reasons.sort((a, b) => b.contribution - a.contribution) };
}

export async function createFraud(program: Program) {
  const model = await openModel(program, FRAUD);
  const { state } = model;

  function check(request: ServiceRequest) {
    const json = readJson(request);
    if ('refusal' in json) return json.refusal;
    const sale = parseSale(json.value);
    if (typeof sale === 'string') return refuse(400, 'bad-sale', sale);
    const method = `${METHOD}; a contribution is added to the log odds, ${round(state.intercept)} for the usual order`;
    return ok({ ...scoreSale(state, sale), method, degraded: findDegraded([model.dependency]) });
  }

  const describeModel = () =>
    ok({
      method: METHOD,
      origin: model.origin,
      fingerprint: model.fingerprint,
      intercept: round(state.intercept),
      features: FEATURES.map(({ id, says }, index) => ({ id, says, weight: round(state.weights[index] ?? 0) })),
      areaUnderCurve: round(state.auc),
      heldOut: state.heldOut,
      degraded: findDegraded([model.dependency]),
    });

  return createAiService('fraud', 8005, {
    routes: [
      { method: 'POST', path: '/check/', handle: check },
      { method: 'GET', path: '/rules/', handle: describeModel },
    ],
    describe: { 'model-state': model.described, model: `${model.fingerprint}, ${model.origin}` },
    leansOn: [model.dependency],
    close: model.close,
  });
}

/** The sale, or what is wrong with it. What may be left out and is, counts as usual. */
function parseSale(given: Record<string, unknown>): Sale | string {
  const numbers = ['amount_cents', 'account_age_days', 'orders_last_hour', 'hour'] as const;
  const [amountCents, accountAgeDays, ordersLastHour, hour] = numbers.map((name) => given[name]);
  for (const [index, value] of [amountCents, accountAgeDays, ordersLastHour, hour].entries()) {
    if (value === undefined && index > 0) continue;
    if (typeof value !== 'number' || !(value >= 0 && value <= 1e12)) return `${numbers[index]} must be a number from 0`;
  }
  if (typeof hour === 'number' && hour >= 24) return 'hour must be below 24: it is the hour of the day in UTC';
  const billing = toCountry(given.billing_country);
  const shipping = toCountry(given.shipping_country) ?? billing;
  return {
    amountCents: amountCents as number,
    otherCountry: billing === undefined ? undefined : billing !== shipping,
    accountAgeDays: accountAgeDays as number | undefined,
    ordersLastHour: ordersLastHour as number | undefined,
    hour: hour as number | undefined,
  };
}

function toCountry(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 2).toUpperCase() : undefined;
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
