// Scrapes of every replica → deltas → the course of the environment's traffic, pushed every 2 s.
import type { GatewayStats, RouteMetrics } from '../../contract/index.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { createCourse } from './course.ts';
import { toDelta } from './delta.ts';

export interface MetricsHub {
  readonly metrics: LiveValue<RouteMetrics>;
  close(): void;
}

const pushEveryMs = 2000;
const longestGapMs = 5000;

export function createMetricsHub(
  source: { onStats(listener: (stats: readonly GatewayStats[]) => void): () => void },
  now: () => number,
): MetricsHub {
  const course = createCourse();
  const metrics = createLiveValue(course.toMetrics(now()));
  // By gateway process, and only those of the last scrape: a replica that is gone is forgotten.
  let before = new Map<string, GatewayStats>();

  const stop = source.onStats((stats) => {
    let isFirst = true;
    for (const after of stats) {
      const previous = before.get(after.gateway);
      const delta = previous && toDelta(previous, after, longestGapMs);
      if (!delta) continue;
      // Replicas are asked at the same time: their counts add up, their time does not.
      course.add(delta, isFirst ? delta.to - delta.from : 0);
      isFirst = false;
    }
    before = new Map(stats.map((one) => [one.gateway, one]));
  });

  const timer = setInterval(() => metrics.set(course.toMetrics(now())), pushEveryMs);
  return {
    metrics,
    close() {
      clearInterval(timer);
      stop();
    },
  };
}
