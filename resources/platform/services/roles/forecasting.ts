// Forecasts what will be sold of a product, by Holt-Winters with the week as its season, over all that was sold.
import { HISTORY_DAYS, LAST_DAY, toDateText } from '../data/calendar.ts';
import { CATALOGUE, findProduct, type Product } from '../data/catalogue.ts';
import { createHistory } from '../data/demand.ts';
import type { Program } from '../kit/program.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { openAnswerCache } from './ai/cache.ts';
import { chooseSmoothing, fitHoltWinters, forecast, mean, type Smoothing } from './ai/holtWinters.ts';
import { isNumbers, type ModelRecipe, openModel } from './ai/model.ts';
import { createAiService, findDegraded } from './aiService.ts';

export const WEEK = 7;
const SAMPLE = 6;
/** A year is enough to see how errors go on. */
const SAMPLE_DAYS = 364;
const CONFIDENCE = { share: 0.95, deviations: 1.96 };
const TTL_SECONDS = 600;
/** The errors of so many last days are what an answer says of itself. */
const MEASURED_DAYS = 90;

type Table = Record<string, Smoothing>;

/** One smoothing a category: what a single product's errors say of the best one is mostly chance. */
export const SMOOTHINGS: ModelRecipe<Table> = {
  name: 'smoothings',
  version: 1,
  train() {
    const table: Table = {};
    for (const [category, products] of Map.groupBy(CATALOGUE, (product) => product.category)) {
      const step = Math.max(1, Math.floor(products.length / SAMPLE));
      const sample = products.filter((_, index) => index % step === 0);
      table[category] = chooseSmoothing(
        sample.map((product) => createHistory(product).slice(-SAMPLE_DAYS)),
        WEEK,
      );
    }
    return table;
  },
  parse(saved) {
    const table = (saved ?? {}) as Table;
    const categories = new Set(CATALOGUE.map(({ category }) => category));
    const fits = [...categories].every((category) => {
      const { alpha, beta, gamma } = table[category] ?? {};
      return isNumbers([alpha, beta, gamma], 3);
    });
    return fits ? table : undefined;
  },
};

export function forecastProduct(product: Product, smoothing: Smoothing, days: number) {
  const history = createHistory(product);
  const fit = fitHoltWinters(history, WEEK, smoothing);
  const measured = history.slice(-MEASURED_DAYS);
  const sameDayBefore = history.slice(-MEASURED_DAYS - WEEK, -WEEK);
  return {
    lastDays: history.slice(-14),
    unitsPerDay: round(fit.level),
    trendPerDay: round(fit.trend),
    meanAbsoluteError: round(mean(fit.errors.slice(-MEASURED_DAYS).map(Math.abs))),
    naiveMeanAbsoluteError: round(mean(measured.map((units, day) => Math.abs(units - (sameDayBefore[day] ?? 0))))),
    forecast: forecast(fit, days, CONFIDENCE.deviations).map(({ expected, low, high }, index) => ({
      day: index + 1,
      date: toDateText(HISTORY_DAYS + index),
      units: atLeastNone(expected),
      low: atLeastNone(low),
      high: atLeastNone(high),
    })),
  };
}

export async function createForecasting(program: Program) {
  const model = await openModel(program, SMOOTHINGS);
  const { cache, leaned, close } = await openAnswerCache(program, 'forecasting');
  const leansOn = [leaned, model.dependency];

  async function answer({ params, query }: ServiceRequest) {
    const product = findProduct(params.id);
    if (product === undefined) return refuse(404, 'no-such-product', `there is no product ${params.id}`);
    const days = toWhole(query.get('days'), 7, 1, 90);
    if (days === null) return refuse(400, 'bad-days', 'days is 1 to 90');
    const smoothing = model.state[product.category] ?? { alpha: 0.1, beta: 0, gamma: 0.1 };
    const key = `${model.fingerprint}:${product.id}:${days}`;
    const forecast = await cache.remember({ key, tags: [], ttlSeconds: TTL_SECONDS }, async () =>
      forecastProduct(product, smoothing, days),
    );
    return ok({
      productId: product.id,
      method: `Holt-Winters, additive, season of ${WEEK} days, over the ${HISTORY_DAYS} days up to ${LAST_DAY}`,
      smoothing,
      confidence: CONFIDENCE.share,
      naive: 'the same day a week before',
      degraded: findDegraded(leansOn),
      ...forecast,
    });
  }

  return createAiService('forecasting', 8006, {
    routes: [{ method: 'GET', path: '/product/:id/', handle: answer }],
    describe: {
      cache: cache.described,
      'model-state': model.described,
      model: `${model.fingerprint}, ${model.origin}`,
    },
    leansOn,
    close: () => Promise.all([close(), model.close()]).then(() => {}),
  });
}

const round = (value: number) => Math.round(value * 100) / 100;
/** Nobody buys less than nothing. */
const atLeastNone = (value: number) => Math.max(0, round(value));
