// /metrics for Prometheus. A registry of our own: several gateways may live in one process (the embedded one, tests).
import { Registry } from 'prom-client';
import type { Core } from '../exchange/core.ts';
import type { TryFacts } from '../telemetry/spanFacts.ts';
import type { Observation } from './counters.ts';
import { createExchangeMetrics } from './exchangeMetrics.ts';
import { registerLimitMetrics } from './limitMetrics.ts';
import { registerProcessMetrics } from './processMetrics.ts';
import { registerStateMetrics } from './stateMetrics.ts';

export interface Metrics {
  readonly contentType: string;
  observe(observation: Observation): void;
  observeTry(upstream: string, attempt: TryFacts): void;
  /** Forgets the series of routes and upstreams that are gone. */
  reconcile(routeIds: readonly string[], upstreams: readonly string[]): void;
  render(): Promise<string>;
  /** Stops what measures the process. */
  close(): void;
}

/** `getCore` is asked at each scrape: state is read where it lives, and never counted twice. */
export function createMetrics(getCore: () => Core): Metrics {
  const registry = new Registry();
  const exchanges = createExchangeMetrics(registry);
  registerStateMetrics(registry, getCore);
  registerLimitMetrics([registry], () => getCore().limits.view(0));
  const stopMeasuring = registerProcessMetrics(registry);
  return {
    contentType: registry.contentType,
    observe: exchanges.observe,
    observeTry: exchanges.observeTry,
    reconcile: exchanges.reconcile,
    render: () => registry.metrics(),
    close: stopMeasuring,
  };
}
