// Rate, errors and duration by route and by upstream. Labels are bounded: configured names, known methods, our codes.
import type { Registry } from 'prom-client';
import type { FailureKind } from '../breaker/breaker.ts';
import { toKnownMethod } from '../telemetry/methods.ts';
import type { TryFacts } from '../telemetry/spanFacts.ts';
import { toFailureCode } from '../transport/upstreamError.ts';
import { NO_ROUTE, type Observation, toStatusClass } from './counters.ts';
import { createDurations } from './durations.ts';
import { createTally, toKey } from './tally.ts';

const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

interface ExchangeMetrics {
  observe(observation: Observation): void;
  observeTry(upstream: string, attempt: TryFacts): void;
  reconcile(routeIds: readonly string[], upstreams: readonly string[]): void;
}

export function createExchangeMetrics(registry: Registry): ExchangeMetrics {
  const requests = createTally({
    name: 'gatehouse_gateway_requests_total',
    help: 'Finished exchanges by route, class of status (aborted: the caller left), code of the gateway (none: the upstream answered) and method (_other: not a known one)',
    labels: ['route', 'status_class', 'code', 'method'],
    registry,
  });
  const requestBytes = createTally({
    name: 'gatehouse_gateway_request_body_bytes_total',
    help: 'Bytes of request bodies that callers sent',
    labels: ['route'],
    registry,
  });
  const responseBytes = createTally({
    name: 'gatehouse_gateway_response_body_bytes_total',
    help: 'Bytes of response bodies that callers got',
    labels: ['route'],
    registry,
  });
  const tries = createTally({
    name: 'gatehouse_gateway_upstream_tries_total',
    help: 'Requests sent to upstreams, repeated ones too, by outcome: a class of status, a code of the gateway, or aborted when the caller left',
    labels: ['upstream', 'outcome'],
    registry,
  });
  const durations = createDurations({
    registry,
    boundsS: DURATION_BUCKETS_S,
    name: 'gatehouse_gateway_request_duration_seconds',
    help: 'From the request line to the end of the answer, WebSockets left out',
    label: 'route',
  });
  const tryDurations = createDurations({
    registry,
    boundsS: DURATION_BUCKETS_S,
    name: 'gatehouse_gateway_upstream_try_duration_seconds',
    help: "From asking an upstream to its answer's status line or its failure",
    label: 'upstream',
  });
  // Most requests end as the one before did: their key is not joined and hashed anew.
  let last = { statusClass: '', code: '', method: '', key: '' };

  function toRequestKey({ statusClass, code: orNull, method: asSent }: Observation): string {
    const code = orNull ?? 'none';
    const method = toKnownMethod(asSent) ?? '_other';
    if (last.statusClass !== statusClass || last.code !== code || last.method !== method)
      last = { statusClass, code, method, key: toKey(statusClass, code, method) };
    return last.key;
  }

  return {
    observe(observation) {
      const { durationMs, protocol } = observation;
      const route = observation.route ?? NO_ROUTE;
      requests.add(route, toRequestKey(observation), 1);
      if (observation.requestBytes > 0) requestBytes.add(route, '', observation.requestBytes);
      if (observation.responseBytes > 0) responseBytes.add(route, '', observation.responseBytes);
      if (protocol === 'http') durations.observe(route, durationMs);
    },
    observeTry(upstream, { status, failure, startMs, endMs }) {
      tries.add(upstream, toTryOutcome(status, failure), 1);
      if (status !== null || failure !== null) tryDurations.observe(upstream, endMs - startMs);
    },
    reconcile(routeIds, upstreams) {
      const routes = new Set([...routeIds, NO_ROUTE]);
      const names = new Set(upstreams);
      for (const tally of [requests, requestBytes, responseBytes]) tally.retain(routes);
      tries.retain(names);
      durations.retain(routes);
      tryDurations.retain(names);
    },
  };
}

function toTryOutcome(status: number | null, failure: FailureKind | null): string {
  if (failure !== null) return toFailureCode(failure);
  return status === null ? 'aborted' : toStatusClass(status);
}
