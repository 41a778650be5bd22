// Where questions about metrics of one environment are put: to its Prometheus where one runs, else to the host's own
// scraper; containers are always measured here. What nobody looks at is not asked for.
import type { Alerts, ChartGroup, Charts, MetricsRange, MetricsSourceView, Problem } from '../../contract/index.ts';
import { withoutRecording } from '../docker/callRecording.ts';
import type { Engine } from '../docker/engine.ts';
import type { ProjectWatch } from '../docker/projectWatch.ts';
import type { GatewaySource } from '../gateway/gatewaySource.ts';
import { isOurGateway } from '../stack/serviceKind.ts';
import type { StatsHub } from '../stats/statsHub.ts';
import { createLiveValue, follow, isSameJson } from '../stream/liveValue.ts';
import { createWake, wait } from '../stream/wait.ts';
import type { MetricsSource } from './metricsSource.ts';
import { findPrometheus, type PrometheusPlace } from './prometheus/prometheusPlace.ts';
import { createPrometheusReach, type PrometheusReach } from './prometheus/prometheusReach.ts';
import { createPrometheusSource } from './prometheus/prometheusSource.ts';
import { feedFromEngine } from './scraper/engineFeed.ts';
import { feedFromGateway } from './scraper/gatewayFeed.ts';
import { createRing } from './scraper/ring.ts';
import { createScraperSource } from './scraper/scraperSource.ts';
import { createWhileUsed } from './whileUsed.ts';

export interface MetricsDesk {
  /** Which source it is and how it is; measures as long as it is read. */
  watchSource(signal: AbortSignal): AsyncGenerator<MetricsSourceView>;
  charts(group: ChartGroup, range: MetricsRange): Promise<Charts>;
  /** Puts a question to the source that holds now. */
  ask<T>(work: (source: MetricsSource) => Promise<T>): Promise<T>;
  /** Alerts now, then every 15 s. Throws a problem where they cannot be asked for. */
  watchAlerts(signal: AbortSignal): AsyncGenerator<Alerts>;
  close(): Promise<void>;
}

export interface MetricsDeskOptions {
  stack: Pick<ProjectWatch, 'observed' | 'connection'>;
  gateway: Pick<GatewaySource, 'connection' | 'expose'>;
  stats: StatsHub;
  openEngine: () => Engine;
  /** Whether what the engine publishes is published on this machine. */
  isLocalEngine: () => boolean;
  now: () => number;
}

const lingerMs = 60_000;
const probeEveryMs = 10_000;
const alertsEveryMs = 15_000;
/** About 600 series of a gateway with ten routes and upstreams; each takes 17 kB. */
const gatewaySeriesLimit = 1200;
const engineSeriesLimit = 600;
/** One look that came to nothing is no gap. */
const longestGapMs = 15_000;

interface Asked {
  place: PrometheusPlace;
  reach: PrometheusReach | undefined;
  source: MetricsSource;
  close(): Promise<void>;
}

export function createMetricsDesk(options: MetricsDeskOptions): MetricsDesk {
  const { stack, gateway, now } = options;
  const rings = {
    gateway: createRing({ seriesLimit: gatewaySeriesLimit, longestGapMs }),
    engine: createRing({ seriesLimit: engineSeriesLimit, longestGapMs }),
  };
  const containers = () => stack.observed.current?.containers.values() ?? [];
  const onEngine = (work: (signal: AbortSignal) => Promise<void>) => (signal: AbortSignal) =>
    withoutRecording(() => work(signal));
  const engineFeed = createWhileUsed(
    onEngine((signal) => feedFromEngine({ ring: rings.engine, stats: options.stats, containers }, signal)),
    lingerMs,
  );
  const scraper = createScraperSource({
    ...rings,
    now,
    absence: () => toAbsence(asked.place),
    findGatewayProblem: () => gateway.connection.current.problem,
    findEngineProblem: () => stack.connection.current.problem,
  });
  const choose = createChooser(options, scraper, () => view.set(toView(asked, options)));
  const closing = new Set<Promise<void>>();
  const moved = createWake();
  let asked: Asked = choose(find(options));
  const view = createLiveValue<MetricsSourceView>(toView(asked, options), isSameJson);

  const locate = () => {
    const place = find(options);
    if (!isSameJson(place, asked.place)) {
      const ended = asked.close().finally(() => closing.delete(ended));
      closing.add(ended);
      asked = choose(place);
      moved.notify();
    }
    view.set(toView(asked, options));
  };
  const stop = [stack.observed, stack.connection, gateway.connection].map((live) =>
    (live as typeof stack.observed).onChange(locate),
  );
  const gatewayFeed = keepScraping({ options, ring: rings.gateway, isWanted: () => asked.place.kind === 'absent' });
  const prober = createWhileUsed(async (signal) => {
    while (!signal.aborted) {
      await asked.reach?.ask({ path: '/api/v1/status/buildinfo' }, signal).catch(() => {});
      await moved.next(signal, probeEveryMs);
    }
  }, 0);
  const alerts = createShared(
    () => asked.source.alerts(new AbortController().signal),
    () => asked,
    now,
  );

  return {
    async *watchSource(signal) {
      const release = [engineFeed.hold(), prober.hold()];
      try {
        yield* follow(view, signal);
      } finally {
        for (const end of release) end();
      }
    },
    async charts(group, range) {
      engineFeed.touch();
      return group === 'containers' ? scraper.charts(group, range) : asked.source.charts(group, range);
    },
    ask: (work) => work(asked.source),
    async *watchAlerts(signal) {
      while (!signal.aborted) {
        yield await alerts();
        await wait(alertsEveryMs, signal);
      }
    },
    async close() {
      for (const end of stop) end();
      await Promise.all([engineFeed.close(), gatewayFeed.close(), prober.close(), asked.close(), ...closing]);
    },
  };
}

function find({ stack, isLocalEngine }: MetricsDeskOptions): PrometheusPlace {
  return findPrometheus({ observed: stack.observed.current, isLocalEngine: isLocalEngine() });
}

/** A Prometheus that nobody asks is not connected to; one that was moved or started anew is another one. */
function createChooser(options: MetricsDeskOptions, scraper: MetricsSource, onChange: () => void) {
  const { now, openEngine, stack } = options;
  return (place: PrometheusPlace): Asked => {
    if (place.kind !== 'present') return { place, reach: undefined, source: scraper, close: async () => {} };
    const reach = withoutRecording(() => createPrometheusReach({ place, openEngine, now }));
    const stop = reach.state.onChange(onChange);
    const countGateways = () =>
      [...(stack.observed.current?.containers.values() ?? [])].filter(
        ({ state, image, labels }) => state === 'running' && isOurGateway(image, labels),
      ).length;
    return {
      place,
      reach,
      source: createPrometheusSource({ reach, countGateways, now }),
      async close() {
        stop();
        await reach.close();
      },
    };
  };
}

/** The gateway is asked for its metrics as long as the environment is open and no Prometheus does so. */
function keepScraping({
  options: { gateway, now },
  ring,
  isWanted,
}: {
  options: MetricsDeskOptions;
  ring: ReturnType<typeof createRing>;
  isWanted: () => boolean;
}): { close(): Promise<void> } {
  const nobody = { replicas: [], isComplete: true };
  const expose = async () => (isWanted() ? gateway.expose() : nobody);
  const ending = new AbortController();
  const running = withoutRecording(() => feedFromGateway({ ring, expose, now }, ending.signal));
  return {
    async close() {
      ending.abort();
      await running;
    },
  };
}

/** Several who want the same at about the same time ask once. */
function createShared<T>(ask: () => Promise<T>, of: () => unknown, now: () => number): () => Promise<T> {
  let kept: { at: number; of: unknown; answer: Promise<T> } | undefined;
  return () => {
    if (kept && kept.of === of() && now() - kept.at < alertsEveryMs / 2) return kept.answer;
    const answer = ask();
    kept = { at: now(), of: of(), answer };
    answer.catch(() => {
      kept = undefined;
    });
    return answer;
  };
}

function toAbsence(place: PrometheusPlace): Problem {
  if (place.kind === 'absent') return { code: 'metrics-absent', message: place.reason, remedy: place.remedy };
  return {
    code: 'metrics-absent',
    message: 'It is not known yet whether the stack has a Prometheus: the engine has not said what runs.',
    remedy: 'Try again in a moment.',
  };
}

function toView({ place, reach }: Asked, { stack, gateway }: MetricsDeskOptions): MetricsSourceView {
  if (place.kind === 'present') {
    const state = reach?.state.current;
    const several = place.running > 1 ? `; of ${place.running} that run, this one is asked` : '';
    return {
      kind: 'prometheus',
      state: state?.state ?? 'connecting',
      detail: state?.detail ?? 'connecting',
      reason: `${place.service} runs in the project${several}.`,
      lastSeenAt: state?.lastSeenAt ?? null,
      problem: state?.problem ?? null,
      withoutPromql: null,
    };
  }
  const absence = toAbsence(place);
  const connections = [stack.connection.current, gateway.connection.current];
  const lost = connections.every(({ state }) => state === 'lost' || state === 'absent');
  const isLive = connections.some(({ state }) => state === 'live');
  return {
    kind: 'scraper',
    state: isLive ? 'live' : lost ? 'lost' : 'connecting',
    detail: 'the gateway every 5 s, containers every 2 s while this view is open',
    reason: absence.message,
    lastSeenAt: null,
    problem: lost ? (connections[0]?.problem ?? null) : null,
    withoutPromql: absence,
  };
}
