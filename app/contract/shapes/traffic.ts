import { z } from 'zod';
import { exchangeSchema } from './gateway.ts';

/** Exchanges in order of arrival. `lost` counts events that this viewer missed since the last batch. */
export const trafficBatchSchema = z.object({
  exchanges: z.array(exchangeSchema),
  lost: z.number(),
  kept: z.object({ exchanges: z.number(), bytes: z.number(), capacityBytes: z.number() }),
});
export type TrafficBatch = z.infer<typeof trafficBatchSchema>;

/** How far back the course of traffic reaches: 15 minutes. */
export const courseSpanMs = 15 * 60_000;

/** One sample of a series; null where nobody watched or nothing can be said (no request: no latency). */
export const sampleSchema = z.object({
  /** Epoch ms, end of the interval. */
  at: z.number(),
  requestsPerSecond: z.number().nullable(),
  errorShare: z.number().nullable(),
  p95Ms: z.number().nullable(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const figuresSchema = z.object({
  requestsPerSecond: z.number().nullable(),
  /** What callers got: 5xx and refusals as a share of all, 0 to 1; null without requests. */
  errorShare: z.number().nullable(),
  /** What the upstream failed, as a share of all, 0 to 1. */
  upstreamErrorShare: z.number().nullable(),
  clientErrorShare: z.number().nullable(),
  limitedShare: z.number().nullable(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type Figures = z.infer<typeof figuresSchema>;

/** Rate, errors and duration of the whole gateway and of each route, over the last `windowMs`. */
export const routeMetricsSchema = z.object({
  at: z.number(),
  windowMs: z.number(),
  /** `edge`: by the access log of the edge, where no gateway can be asked; its routes are locations. */
  source: z.enum(['gateway', 'prometheus', 'edge']),
  total: figuresSchema.extend({ peakRequestsPerSecond: z.number().nullable(), samples: z.array(sampleSchema) }),
  routes: z.array(figuresSchema.extend({ route: z.string(), samples: z.array(sampleSchema) })),
  /** Samples up to `until`, epoch ms, are by somebody who watched before this console did. */
  backfill: z.object({ source: z.enum(['prometheus']), until: z.number() }).optional(),
  /** Length of one sample. */
  stepMs: z.number(),
});
export type RouteMetrics = z.infer<typeof routeMetricsSchema>;

export const demoSchema = z.object({
  state: z.enum(['off', 'running']),
  requestsPerSecond: z.number(),
  /** Epoch ms at which it stops by itself; null when off. */
  endsAt: z.number().nullable(),
  sent: z.number(),
  failed: z.number(),
  /** Why it cannot be started here; null when it can. */
  notAllowed: z.string().nullable(),
});
export type Demo = z.infer<typeof demoSchema>;
