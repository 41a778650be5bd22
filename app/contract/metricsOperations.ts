// The part of the catalogue that is about metrics.
import { z } from 'zod';
import { query, subscription } from './operation.ts';
import { environmentIdSchema } from './shapes/environment.ts';
import {
  alertsSchema,
  chartGroupSchema,
  chartsSchema,
  completionSchema,
  metricsRangeSchema,
  metricsSourceSchema,
  promqlAnswerSchema,
  scrapeTargetsSchema,
} from './shapes/metrics.ts';
import { routeMetricsSchema } from './shapes/traffic.ts';

const inEnvironment = z.object({ environment: environmentIdSchema });
const promqlLimit = 8192;
const promqlText = z.string().max(promqlLimit);

export const metricsOperations = {
  routes: subscription({
    class: 'observe',
    summary: 'Rate, errors and duration of every route over the last minute, and their course',
    input: inEnvironment,
    output: routeMetricsSchema,
  }),
  source: subscription({
    class: 'observe',
    summary: 'Where metrics come from, whether that answers, and why it is this one',
    input: inEnvironment,
    output: metricsSourceSchema,
  }),
  range: query({
    class: 'observe',
    summary: 'The charts of one group over a stretch of time; each says where it is from and why it is empty',
    input: inEnvironment.extend({ group: chartGroupSchema, range: metricsRangeSchema }),
    output: chartsSchema,
  }),
  query: query({
    class: 'observe',
    summary: 'A query in PromQL, at one moment or over a stretch of time',
    input: inEnvironment.extend({
      query: promqlText.min(1),
      /** null: at one moment, `at` or now. */
      range: metricsRangeSchema.nullable().default(null),
      at: z.number().int().min(0).optional(),
    }),
    output: promqlAnswerSchema,
  }),
  completion: query({
    class: 'observe',
    summary: 'What could stand at a place of a query',
    input: inEnvironment.extend({ query: promqlText, at: z.number().int().min(0).max(promqlLimit) }),
    output: completionSchema,
  }),
  targets: query({
    class: 'observe',
    summary: 'What Prometheus scrapes, and whether that answers',
    input: inEnvironment,
    output: scrapeTargetsSchema,
  }),
  alerts: subscription({
    class: 'observe',
    summary: 'Alerts that fire or are about to, and the rules behind them',
    input: inEnvironment,
    output: alertsSchema,
  }),
} as const;
