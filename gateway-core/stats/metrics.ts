// /metrics for Prometheus. A registry of our own: several gateways may live in one process (the embedded one, tests).
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { BreakerState } from '../breaker/breaker.ts';
import type { LimitsView } from '../limits/limitsView.ts';
import { NO_ROUTE, type Observation } from './counters.ts';
import { registerLimitMetrics } from './limitMetrics.ts';

/** Read at each scrape. */
interface MetricsSource {
  inFlight(): number;
  breakerStates(): Iterable<readonly [upstream: string, state: BreakerState]>;
  tapLost(): number;
  limits(): LimitsView;
}

export interface Metrics {
  readonly contentType: string;
  observe(observation: Observation): void;
  render(): Promise<string>;
}

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];
const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createMetrics(source: MetricsSource): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'gatehouse_gateway_requests_total',
    help: 'Finished exchanges by route, class of status (aborted: the caller left) and code of the gateway (none: the upstream answered)',
    labelNames: ['route', 'status_class', 'code'],
    registers,
  });
  const durations = new Histogram({
    name: 'gatehouse_gateway_request_duration_seconds',
    help: 'From the request line to the end of the answer, WebSockets left out',
    labelNames: ['route'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  new Gauge({
    name: 'gatehouse_gateway_in_flight_requests',
    help: 'Exchanges that are not finished',
    registers,
    collect() {
      this.set(source.inFlight());
    },
  });
  new Gauge({
    name: 'gatehouse_gateway_breaker_state',
    help: '1 for the state that the breaker of the upstream is in, 0 for the others',
    labelNames: ['upstream', 'state'],
    registers,
    collect() {
      for (const [upstream, current] of source.breakerStates())
        for (const state of STATES) this.set({ upstream, state }, state === current ? 1 : 0);
    },
  });
  new Gauge({
    name: 'gatehouse_gateway_tap_lost_events',
    help: 'Events that slow viewers of the tap have missed since the start',
    registers,
    collect() {
      this.set(source.tapLost());
    },
  });
  registerLimitMetrics(registers, () => source.limits());
  return {
    contentType: registry.contentType,
    observe({ route, statusClass, code, durationMs, protocol }) {
      requests.inc({ route: route ?? NO_ROUTE, status_class: statusClass, code: code ?? 'none' });
      if (protocol === 'http') durations.observe({ route: route ?? NO_ROUTE }, durationMs / 1000);
    },
    render: () => registry.metrics(),
  };
}
