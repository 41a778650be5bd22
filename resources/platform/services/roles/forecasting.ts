// Forecasts the demand of a product by simple exponential smoothing over its seeded history.
import { HISTORY_DAYS } from '../data/calendar.ts';
import { findProduct } from '../data/catalogue.ts';
import { createHistory, smooth } from '../data/demand.ts';
import { ok, refuse, type ServiceRequest, toWhole } from '../kit/routes.ts';
import { createAiService } from './aiService.ts';

const ALPHA = 0.3;

function forecast({ params, query }: ServiceRequest) {
  const product = findProduct(params.id);
  if (product === undefined) return refuse(404, 'no-such-product', `there is no product ${params.id}`);
  const days = toWhole(query.get('days'), 7, 1, 90);
  if (days === null) return refuse(400, 'bad-days', 'days is 1 to 90');
  const history = createHistory(product);
  const { level, meanAbsoluteError } = smooth(history, ALPHA);
  return ok({
    productId: product.id,
    method: `simple exponential smoothing, alpha ${ALPHA}, over ${HISTORY_DAYS} days; every day ahead is the last level`,
    lastDays: history.slice(-14),
    unitsPerDay: round(level),
    meanAbsoluteError: round(meanAbsoluteError),
    forecast: Array.from({ length: days }, (_, day) => ({ day: day + 1, units: round(level) })),
  });
}

const round = (value: number) => Math.round(value * 100) / 100;

export const createForecasting = () =>
  createAiService('forecasting', 8006, [{ method: 'GET', path: '/product/:id/', handle: forecast }]);
