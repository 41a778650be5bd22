// Scrapes of every replica, or without a gateway the edge's log → the course of the environment's traffic, pushed every 2 s.
import {
  type Charts,
  type Connection,
  courseSpanMs,
  type GatewayStats,
  type MetricsRange,
  type RouteMetrics,
} from '../../contract/index.ts';
import type { TapEvent } from '../gateway/adminClient.ts';
import { createLiveValue, type LiveValue } from '../stream/liveValue.ts';
import { toPriorCourse } from './backfill/fromCharts.ts';
import { toBackfill } from './backfill/fromTap.ts';
import { type Course, createCourse, stepMs } from './course.ts';
import { toDelta } from './delta.ts';

type AskCharts = (range: MetricsRange) => Promise<Charts>;

export interface MetricsHub {
  readonly metrics: LiveValue<RouteMetrics>;
  /** Draws what was before the first look as the charts of a Prometheus have it, once one has answered. */
  fillFrom(ask: AskCharts): void;
  close(): void;
}

export interface MetricsHubSource {
  readonly connection: LiveValue<Connection>;
  onStats(listener: (stats: readonly GatewayStats[]) => void): () => void;
  onTap(listener: (event: TapEvent) => void): () => void;
}

const pushEveryMs = 2000;
const longestGapMs = 5000;

/** `edge` says the traffic where there is no gateway; undefined where nobody can. */
export function createMetricsHub(
  source: MetricsHubSource,
  now: () => number,
  edge: LiveValue<RouteMetrics | undefined> = createLiveValue(undefined),
): MetricsHub {
  const course = createCourse();
  const metrics = createLiveValue(course.toMetrics(now()));
  const isEdgeNeeded = () => source.connection.current.state === 'absent';
  const backfill = createTapBackfill(source, course);
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
    backfill.takeStats(stats);
  });

  const filling = createFilling(course, now);
  const push = () => {
    filling.goOn();
    metrics.set((isEdgeNeeded() ? edge.current : undefined) ?? course.toMetrics(now()));
  };
  const timer = setInterval(push, pushEveryMs);
  const stopEdge = edge.onChange(() => {
    if (isEdgeNeeded()) push();
  });
  return {
    metrics,
    fillFrom: filling.begin,
    close() {
      clearInterval(timer);
      stop();
      stopEdge();
      backfill.close();
    },
  };
}

/** A Prometheus may be known only when the engine has said what runs, and is connected to by the first question. */
const attempts = 5;

function createFilling(course: Course, now: () => number) {
  let ask: AskCharts | undefined;
  let left = attempts;
  let isAsking = false;
  return {
    begin(given: AskCharts) {
      ask ??= given;
    },
    goOn() {
      if (!ask || left === 0 || isAsking) return;
      left -= 1;
      isAsking = true;
      const to = Math.floor(now() / stepMs) * stepMs;
      const take = (charts: Charts) => {
        const prior = charts.range.stepMs === stepMs ? toPriorCourse(charts) : undefined;
        if (!prior) return;
        course.fill(prior);
        left = 0;
      };
      ask({ from: to - courseSpanMs + stepMs, to, stepMs })
        .then(take, () => {})
        .finally(() => {
          isAsking = false;
        });
    },
  };
}

const keptLimit = 5000;

/** Listens until the second look: by then the tap has told what it kept. */
function createTapBackfill(source: MetricsHubSource, course: Course) {
  const kept = new Map<string, Extract<TapEvent, { type: 'exchange' }>['exchange'][]>();
  let first: readonly GatewayStats[] | undefined;
  let isDone = false;
  const stop = source.onTap((event) => {
    if (event.type !== 'exchange') return;
    const exchanges = kept.get(event.exchange.gateway) ?? [];
    kept.set(event.exchange.gateway, exchanges);
    if (exchanges.length < keptLimit) exchanges.push(event.exchange);
  });
  const close = () => {
    isDone = true;
    stop();
    kept.clear();
  };
  return {
    close,
    takeStats(stats: readonly GatewayStats[]) {
      if (isDone) return;
      if (first === undefined) {
        first = stats;
        return;
      }
      const bounds = first.flatMap(({ routes }) => Object.values(routes)).map(({ latency }) => latency.boundsMs);
      const replicas = first.map(({ gateway, startedAt, at }) => ({
        exchanges: kept.get(gateway) ?? [],
        startedAt,
        until: at,
      }));
      for (const { delta, coversMs } of toBackfill(replicas, bounds[0] ?? [])) course.add(delta, coversMs);
      close();
    },
  };
}
